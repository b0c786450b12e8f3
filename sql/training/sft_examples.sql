-- description: Prompts with the answer wanted - the generator's for unsafe prompts, the base model's own for safe ones.
-- key: example_id
-- partitions: mix of sft
WITH chosen AS (
  SELECT prompts.*, splits.split
  FROM templated.prompts AS prompts
  JOIN templated.splits AS splits USING (prompt_id)
  WHERE splits.split IN ('train', 'dev')
  QUALIFY splits.split = 'dev' OR row_number() OVER (
    PARTITION BY splits.split, prompts.label ORDER BY sample_rank('mix', $seed, prompt_id)
  ) <= CASE prompts.label WHEN 'unsafe' THEN $unsafe_prompts ELSE $safe_prompts END
),
wanted AS (
  SELECT prompt_id, response FROM synthesized.safe_responses WHERE outcome = 'ok'
  UNION ALL
  SELECT base.prompt_id, base.response
  FROM synthesized.base_responses AS base
  JOIN templated.prompts AS prompts USING (prompt_id)
  WHERE base.outcome = 'ok' AND prompts.label = 'safe' AND base.rejection_score < $rejection_threshold
)
SELECT
  chosen.prompt_id AS example_id,
  chosen.prompt_id,
  chosen.text_id,
  chosen.split,
  [{'role': 'user', 'content': chosen.prompt}] AS prompt,
  [{'role': 'assistant', 'content': wanted.response}] AS completion
FROM chosen
JOIN wanted USING (prompt_id)
