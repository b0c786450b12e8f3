-- description: Every sampled text in every template that is usable on its label.
-- key: prompt_id
-- column prompt_id: Text and template: <text_id>:<template_id>.
-- column prompt: The text put into the template.
-- check texts_times_templates: count(*) = (
--     SELECT sum(least(texts, $texts_per_label) * usable)
--     FROM (
--       SELECT count(*) AS texts,
--         (SELECT count(*) FROM templated.templates WHERE safe_ok OR label = 'unsafe') AS usable
--       FROM raw.sg_toxicity_prompts GROUP BY label
--     )
--   )
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
