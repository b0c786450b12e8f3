-- description: The split of every prompt. Whole texts go to one split, so no text is in two (single prompts do where the
--   profile splits by pair). A split keeps its prompts with the lowest hashes, the others are unused.
-- key: prompt_id
-- column split: train, dev, holdout or unused.
-- check a_side_for_every_prompt: count(*) = (SELECT count(*) FROM templated.prompts)
-- check no_text_on_two_sides: $split_unit = 'pair' OR NOT EXISTS (
--     SELECT prompts.text_id
--     FROM this JOIN templated.prompts AS prompts USING (prompt_id)
--     WHERE this.split <> 'unused'
--     GROUP BY prompts.text_id HAVING count(DISTINCT this.split) > 1
--   )
-- warn sides_are_full: count(*) FILTER (split = 'holdout') = 2 * $holdout_pairs
--   AND count(*) FILTER (split = 'dev') = 2 * $dev_pairs
--   AND count(*) FILTER (split = 'train') = 2 * $train_pairs
WITH units AS (
  SELECT
    *,
    -- If the splits ask for more prompts than exist, every split gets its share of them.
    least(1, count(*) OVER (PARTITION BY label) / ($train_units + $dev_units + $holdout_units)) AS share
  FROM (
    SELECT DISTINCT
      if($split_unit = 'text', prompts.text_id, prompts.prompt_id) AS unit_id,
      prompts.label,
      raw_texts.given_split
    FROM templated.prompts AS prompts
    JOIN raw.sg_toxicity_prompts AS raw_texts USING (text_id)
  )
),
-- Texts that come with a split keep it; the hold-out chooses first, training last.
holdout AS (
  SELECT unit_id, 'holdout' AS split FROM units WHERE coalesce(given_split, 'holdout') = 'holdout'
  QUALIFY row_number() OVER (PARTITION BY label ORDER BY sample_rank('holdout', $seed, unit_id))
    <= floor(share * $holdout_units)
),
dev AS (
  SELECT unit_id, 'dev' AS split FROM units ANTI JOIN holdout USING (unit_id) WHERE coalesce(given_split, 'dev') = 'dev'
  QUALIFY row_number() OVER (PARTITION BY label ORDER BY sample_rank('dev', $seed, unit_id))
    <= floor(share * $dev_units)
),
train AS (
  SELECT unit_id, 'train' AS split FROM units ANTI JOIN holdout USING (unit_id) ANTI JOIN dev USING (unit_id)
  WHERE coalesce(given_split, 'train') = 'train'
  QUALIFY row_number() OVER (PARTITION BY label ORDER BY sample_rank('train', $seed, unit_id))
    <= floor(share * $train_units)
),
sided AS (
  SELECT prompts.prompt_id, prompts.label, sides.split,
    row_number() OVER (
      PARTITION BY sides.split, prompts.label ORDER BY sample_rank(sides.split || ' pairs', $seed, prompts.prompt_id)
    ) AS place
  FROM templated.prompts AS prompts
  LEFT JOIN (FROM holdout UNION ALL FROM dev UNION ALL FROM train) AS sides
    ON sides.unit_id = if($split_unit = 'text', prompts.text_id, prompts.prompt_id)
)
SELECT
  prompt_id,
  CASE
    WHEN split = 'holdout' AND place <= $holdout_pairs THEN 'holdout'
    WHEN split = 'dev' AND place <= $dev_pairs THEN 'dev'
    WHEN split = 'train' AND place <= $train_pairs THEN 'train'
    ELSE 'unused'
  END AS split
FROM sided
