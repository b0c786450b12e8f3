-- description: The side of every prompt. Whole texts go to a side, so no text is on two; a side keeps its prompts lowest by hash, the rest is unused.
-- key: prompt_id
WITH texts AS (
  SELECT
    *,
    -- Where there are fewer texts than the sides ask for, every side gets its share of them.
    least(1, count(*) OVER (PARTITION BY label) / ($train_texts + $dev_texts + $holdout_texts)) AS share
  FROM (
    SELECT DISTINCT prompts.text_id, prompts.label, raw_texts.given_split
    FROM templated.prompts AS prompts
    JOIN raw.sg_toxicity_prompts AS raw_texts USING (text_id)
  )
),
-- A text that comes with its own split goes nowhere else; the hold-out chooses first, training last.
holdout AS (
  SELECT text_id, 'holdout' AS split FROM texts WHERE coalesce(given_split, 'holdout') = 'holdout'
  QUALIFY row_number() OVER (PARTITION BY label ORDER BY sample_rank('holdout', $seed, text_id))
    <= floor(share * $holdout_texts)
),
dev AS (
  SELECT text_id, 'dev' AS split FROM texts ANTI JOIN holdout USING (text_id) WHERE coalesce(given_split, 'dev') = 'dev'
  QUALIFY row_number() OVER (PARTITION BY label ORDER BY sample_rank('dev', $seed, text_id))
    <= floor(share * $dev_texts)
),
train AS (
  SELECT text_id, 'train' AS split FROM texts ANTI JOIN holdout USING (text_id) ANTI JOIN dev USING (text_id)
  WHERE coalesce(given_split, 'train') = 'train'
  QUALIFY row_number() OVER (PARTITION BY label ORDER BY sample_rank('train', $seed, text_id))
    <= floor(share * $train_texts)
),
sided AS (
  SELECT prompts.prompt_id, prompts.label, sides.split,
    row_number() OVER (
      PARTITION BY sides.split, prompts.label ORDER BY sample_rank(sides.split || ' pairs', $seed, prompts.prompt_id)
    ) AS place
  FROM templated.prompts AS prompts
  LEFT JOIN (FROM holdout UNION ALL FROM dev UNION ALL FROM train) AS sides USING (text_id)
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
