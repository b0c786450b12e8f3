-- description: Prompts with an answer labelled desirable or not. An unsafe prompt gives two rows - the generator's answer, and the base model's own unless that already was a refusal.
-- key: example_id
-- partitions: mix of kto
WITH chosen AS (
  SELECT prompts.*, splits.split
  FROM templated.prompts AS prompts
  JOIN templated.splits AS splits USING (prompt_id)
  WHERE splits.split IN ('train', 'dev')
  QUALIFY splits.split = 'dev' OR row_number() OVER (
    PARTITION BY splits.split, prompts.label ORDER BY sample_rank('mix', $seed, prompt_id)
  ) <= CASE prompts.label WHEN 'unsafe' THEN $unsafe_prompts ELSE $safe_prompts END
),
answers AS (
  SELECT prompt_id, response, true AS label FROM synthesized.safe_responses WHERE outcome = 'ok'
  UNION ALL
  SELECT base.prompt_id, base.response, prompts.label = 'safe' AS label
  FROM synthesized.base_responses AS base
  JOIN templated.prompts AS prompts USING (prompt_id)
  WHERE base.outcome = 'ok' AND base.rejection_score < $rejection_threshold
)
SELECT
  chosen.prompt_id || CASE WHEN answers.label THEN ':desirable' ELSE ':undesirable' END AS example_id,
  chosen.prompt_id,
  chosen.text_id,
  chosen.split,
  [{'role': 'user', 'content': chosen.prompt}] AS prompt,
  [{'role': 'assistant', 'content': answers.response}] AS completion,
  answers.label
FROM chosen
JOIN answers USING (prompt_id)
-- A mix without safe prompts has none on dev either: the dev loss then measures what is trained.
WHERE chosen.split = 'train' OR chosen.label = 'unsafe' OR $safe_prompts > 0
