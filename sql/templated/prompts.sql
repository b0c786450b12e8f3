-- description: Every sampled text in every template that is usable on its label.
-- key: prompt_id
WITH sampled AS (
  SELECT text_id, text, label
  FROM raw.sg_toxicity_prompts
  QUALIFY row_number() OVER (PARTITION BY label ORDER BY sample_rank('texts', $seed, text_id)) <= $texts_per_label
)
SELECT
  sampled.text_id || ':' || templates.template_id AS prompt_id,
  sampled.text_id,
  templates.template_id,
  sampled.label,
  replace(templates.template, '{text}', sampled.text) AS prompt
FROM sampled
JOIN templated.templates AS templates ON templates.safe_ok OR sampled.label = 'unsafe'
