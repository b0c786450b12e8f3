-- description: Prompts with the answer wanted - the generator's for unsafe prompts, the base model's own for safe ones.
-- key: example_id
-- partitions: mix of sft
WITH wanted AS (
  SELECT prompt_id, response FROM synthesized.safe_responses WHERE outcome = 'ok'
  UNION ALL
  SELECT prompt_id, response
  FROM synthesized.base_responses JOIN training.mix_prompts USING (prompt_id)
  WHERE outcome = 'ok' AND label = 'safe' AND rejection_score < $rejection_threshold
)
SELECT
  prompts.prompt_id AS example_id,
  prompts.prompt_id,
  prompts.text_id,
  prompts.split,
  [{'role': 'user', 'content': prompts.prompt}] AS prompt,
  [{'role': 'assistant', 'content': wanted.response}] AS completion
FROM training.mix_prompts AS prompts
JOIN wanted USING (prompt_id)
