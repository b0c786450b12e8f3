-- description: Prompts with a chosen and a rejected answer. Safe prompts are paired only in mixes with synthesized rejections.
-- key: example_id
-- partitions: mix of dpo
WITH chosen_prompts AS (
  SELECT prompts.*, splits.split
  FROM templated.prompts AS prompts
  JOIN templated.splits AS splits USING (prompt_id)
  WHERE splits.split IN ('train', 'dev')
  QUALIFY splits.split = 'dev' OR row_number() OVER (
    PARTITION BY splits.split, prompts.label ORDER BY sample_rank('mix', $seed, prompt_id)
  ) <= CASE prompts.label WHEN 'unsafe' THEN $unsafe_prompts ELSE $safe_prompts END
),
own AS (
  SELECT prompt_id, response FROM synthesized.base_responses
  WHERE outcome = 'ok' AND rejection_score < $rejection_threshold
),
pairs AS (
  SELECT safe.prompt_id, safe.response AS chosen, own.response AS rejected
  FROM synthesized.safe_responses AS safe JOIN own USING (prompt_id)
  WHERE safe.outcome = 'ok'
  UNION ALL
  SELECT own.prompt_id, own.response AS chosen, rejections.response AS rejected
  FROM own JOIN synthesized.safe_prompt_rejections AS rejections USING (prompt_id)
  WHERE rejections.outcome = 'ok' AND $safe_rejections
)
SELECT
  chosen_prompts.prompt_id AS example_id,
  chosen_prompts.prompt_id,
  chosen_prompts.text_id,
  chosen_prompts.split,
  [{'role': 'user', 'content': chosen_prompts.prompt}] AS prompt,
  [{'role': 'assistant', 'content': pairs.chosen}] AS chosen,
  [{'role': 'assistant', 'content': pairs.rejected}] AS rejected
FROM chosen_prompts
JOIN pairs USING (prompt_id)
