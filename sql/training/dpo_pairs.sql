-- description: Prompts with a chosen and a rejected answer. Safe prompts are paired only in mixes with synthesized rejections.
-- key: example_id
-- partitions: mix of dpo
WITH own AS (
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
  prompts.prompt_id AS example_id,
  prompts.prompt_id,
  prompts.text_id,
  prompts.split,
  [{'role': 'user', 'content': prompts.prompt}] AS prompt,
  [{'role': 'assistant', 'content': pairs.chosen}] AS chosen,
  [{'role': 'assistant', 'content': pairs.rejected}] AS rejected
FROM training.mix_prompts AS prompts
JOIN pairs USING (prompt_id)
