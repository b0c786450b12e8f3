-- description: The prompts a mix holds - the lowest by hash per label from train, and from dev the prompts whose label
--   the mix has.
-- key: prompt_id
-- partitions: mix
-- check train_as_declared: count(*) FILTER (split = 'train' AND label = 'safe') <= $safe_prompts
--   AND count(*) FILTER (split = 'train' AND label = 'unsafe') <= $unsafe_prompts
-- warn train_is_full: count(*) FILTER (split = 'train') = $safe_prompts + $unsafe_prompts
WITH wanted AS (
  SELECT unnest(['safe', 'unsafe']) AS label, unnest([$safe_prompts, $unsafe_prompts]) AS prompts
)
SELECT prompts.*, splits.split
FROM templated.prompts AS prompts
JOIN templated.splits AS splits USING (prompt_id)
JOIN wanted USING (label)
WHERE splits.split IN ('train', 'dev') AND wanted.prompts > 0
QUALIFY splits.split = 'dev' OR row_number() OVER (
  PARTITION BY splits.split, prompts.label ORDER BY sample_rank('mix', $seed, prompt_id)
) <= wanted.prompts
