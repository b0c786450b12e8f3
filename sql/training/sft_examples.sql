-- description: Prompts with the answer wanted - the generator's for unsafe prompts, the base model's own for safe ones.
--   Wanted answers are whole - one that was cut at the token limit would teach to end there.
-- key: example_id
-- partitions: mix of sft
-- column example_id: The prompt's id; a prompt has one example.
-- column prompt: The user's message, as a chat.
-- column completion: The assistant's message to learn, as a chat.
-- check one_user_message: len(prompt) = 1 AND prompt[1].role = 'user'
-- check one_answer_with_text: len(completion) = 1 AND completion[1].role = 'assistant'
--   AND trim(completion[1].content) <> ''
WITH wanted AS (
  SELECT prompt_id, response FROM synthesized.safe_responses WHERE outcome = 'ok' AND finish = 'stop'
  UNION ALL
  SELECT prompt_id, response
  FROM synthesized.base_responses JOIN training.mix_prompts USING (prompt_id)
  WHERE outcome = 'ok' AND finish = 'stop' AND label = 'safe' AND rejection_score < $rejection_threshold
)
SELECT
  prompts.prompt_id AS example_id,
  prompts.prompt_id,
  prompts.text_id,
  prompts.split,
  [{'role': 'user', 'content': prompts.prompt}] AS prompt,
  [{'role': 'assistant', 'content': wanted.response}] AS completion
FROM training.mix_prompts AS prompts
JOIN wanted USING (prompt_id)
