-- description: Prompts with a chosen and a rejected answer. Safe prompts are paired only in mixes with synthesized
--   rejections. Chosen answers are whole; a rejected one may have been cut at the token limit.
-- key: example_id
-- partitions: mix of dpo
-- column example_id: The prompt's id; a prompt has one pair.
-- column prompt: The user's message, as a chat.
-- column chosen: The answer wanted, as a chat.
-- column rejected: The answer not wanted, as a chat.
-- check one_user_message: len(prompt) = 1 AND prompt[1].role = 'user'
-- check two_answers_with_text: len(chosen) = 1 AND len(rejected) = 1
--   AND trim(chosen[1].content) <> '' AND trim(rejected[1].content) <> ''
-- warn answers_differ: chosen[1].content <> rejected[1].content
WITH own AS (
  SELECT prompt_id, response, finish FROM synthesized.base_responses
  WHERE outcome = 'ok' AND rejection_score < $rejection_threshold
),
pairs AS (
  SELECT safe.prompt_id, safe.response AS chosen, own.response AS rejected
  FROM synthesized.safe_responses AS safe JOIN own USING (prompt_id)
  WHERE safe.outcome = 'ok' AND safe.finish = 'stop'
  UNION ALL
  SELECT own.prompt_id, own.response AS chosen, rejections.response AS rejected
  FROM own JOIN synthesized.safe_prompt_rejections AS rejections USING (prompt_id)
  WHERE rejections.outcome = 'ok' AND own.finish = 'stop' AND $safe_rejections
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
