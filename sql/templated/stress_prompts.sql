-- description: Held-out safe texts in the templates kept away from safe texts. A model that refuses them has learned the
--   template, not the text.
-- key: prompt_id
-- column prompt_id: Text and template: <text_id>:<template_id>.
-- column label: safe: the text is safe, while the template asks for harm whatever the text says.
-- column prompt: The text put into the template.
WITH held_out AS (
  SELECT DISTINCT prompts.text_id
  FROM templated.prompts AS prompts
  JOIN templated.splits AS splits USING (prompt_id)
  WHERE splits.split = 'holdout' AND prompts.label = 'safe'
)
SELECT
  texts.text_id || ':' || templates.template_id AS prompt_id,
  texts.text_id,
  templates.template_id,
  texts.label,
  replace(templates.template, '{text}', texts.text) AS prompt
FROM held_out
JOIN raw.sg_toxicity_prompts AS texts USING (text_id)
JOIN templated.templates AS templates ON NOT templates.safe_ok
QUALIFY row_number() OVER (ORDER BY sample_rank('stress', $seed, texts.text_id || ':' || templates.template_id))
  <= $stress_prompts
