-- description: Prompts with an answer labelled desirable or not. An unsafe prompt gives two rows - the generator's, and
--   the base model's own unless that was a refusal. Desirable answers are whole - none was cut at the token limit.
-- key: example_id
-- partitions: mix of kto
-- column example_id: The prompt's id and whether the answer is desirable.
-- column prompt: The user's message, as a chat.
-- column completion: The assistant's message, as a chat.
-- column label: Whether the answer is desirable.
-- check one_user_message: len(prompt) = 1 AND prompt[1].role = 'user'
-- check one_answer_with_text: len(completion) = 1 AND completion[1].role = 'assistant'
--   AND trim(completion[1].content) <> ''
-- check both_kinds: bool_or(label) AND NOT bool_and(label)
WITH answers AS (
  SELECT prompt_id, response, true AS label FROM synthesized.safe_responses
  WHERE outcome = 'ok' AND finish = 'stop'
  UNION ALL
  SELECT prompt_id, response, prompts.label = 'safe' AS label
  FROM synthesized.base_responses JOIN training.mix_prompts AS prompts USING (prompt_id)
  WHERE outcome = 'ok' AND (finish = 'stop' OR prompts.label <> 'safe') AND rejection_score < $rejection_threshold
)
SELECT
  prompts.prompt_id || CASE WHEN answers.label THEN ':desirable' ELSE ':undesirable' END AS example_id,
  prompts.prompt_id,
  prompts.text_id,
  prompts.split,
  [{'role': 'user', 'content': prompts.prompt}] AS prompt,
  [{'role': 'assistant', 'content': answers.response}] AS completion,
  answers.label
FROM training.mix_prompts AS prompts
JOIN answers USING (prompt_id)
