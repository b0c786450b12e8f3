-- description: Prompts with an answer labelled desirable or not. An unsafe prompt gives two rows - the generator's answer, and the base model's own unless that already was a refusal.
-- key: example_id
-- partitions: mix of kto
WITH answers AS (
  SELECT prompt_id, response, true AS label FROM synthesized.safe_responses WHERE outcome = 'ok'
  UNION ALL
  SELECT prompt_id, response, prompts.label = 'safe' AS label
  FROM synthesized.base_responses JOIN training.mix_prompts AS prompts USING (prompt_id)
  WHERE outcome = 'ok' AND rejection_score < $rejection_threshold
)
SELECT
  prompts.prompt_id || CASE WHEN answers.label THEN ':desirable' ELSE ':undesirable' END AS example_id,
  prompts.prompt_id,
  prompts.text_id,
  prompts.split,
  [{'role': 'user', 'content': prompts.prompt}] AS prompt,
  [{'role': 'assistant', 'content': answers.response}] AS completion,
  answers.label
FROM training.mix_prompts AS prompts
JOIN answers USING (prompt_id)
