-- step: intercept: source 'magic'

-- step: intercept: source ''

-- step: intercept: source None

-- step: intercept: source 7

-- step: intercept: type ''

-- step: intercept: type '  '

-- step: intercept: type 'None'

-- step: intercept: type 'xxxxxxxxx'

-- step: intercept: context set

-- step: intercept: context nan

-- step: intercept: context bytes

-- step: intercept: context cyclic

-- step: intercept: context number as key

-- step: intercept: context '{}'

-- step: intercept: context []

-- step: intercept: context 7

-- step: intercept: priority -1

-- step: intercept: priority 10

-- step: intercept: priority 1.5

-- step: intercept: priority True

-- step: intercept: priority '1'

-- step: intercept: priority None

-- step: decide: action ''

-- step: decide: action 'None'

-- step: decide: action 'xxxxxxxxx'

-- step: decide: parameters as text

-- step: submit_feedback: rating 0

-- step: submit_feedback: rating 6

-- step: submit_feedback: rating -1

-- step: submit_feedback: rating 3.5

-- step: submit_feedback: rating '5'

-- step: submit_feedback: rating True

-- step: submit_feedback: nothing said

-- step: submit_feedback: correction ''

-- step: submit_feedback: correction 'xxxxxxxxx'

-- step: submit_feedback: original_output too long

-- step: submit_feedback: input_context too long

-- step: propose_action: title ''

-- step: propose_action: title 'None'

-- step: propose_action: title 'xxxxxxxxx'

-- step: propose_action: title 'a\\x00b'

-- step: propose_action: action ''

-- step: propose_action: action 'None'

-- step: propose_action: action 'xxxxxxxxx'

-- step: propose_action: parameters '{}'

-- step: propose_action: parameters [1]

-- step: propose_action: parameters {'k': {1}}

-- step: propose_action: description too long

-- step: propose_action: empty reasoning

-- step: propose_training: gaps 'reconcile'

-- step: propose_training: gaps ['']

-- step: propose_training: gaps [7]

-- step: propose_training: gaps None

-- step: record_outcome: impact 'huge'

-- step: record_outcome: impact None

-- step: set_maturity: level 'expert'

-- step: set_maturity: level None

-- step: set_maturity: level ''

-- step: set_maturity: reason ''

-- step: set_maturity: reason 'None'

-- step: set_maturity: reason 'xxxxxxxxx'

-- step: set_status: status 'asleep'

-- step: set_status: status None

-- step: set_status: no reason

-- step: reject: reason ''

-- step: reject: reason None

-- step: cancel_proposal: no reason

-- step: approve: modifications '{}'

SELECT user_account.id,
       user_account.email,
       user_account.name,
       user_account.role,
       user_account.specialty
FROM user_account
JOIN workspace_member ON workspace_member.user_id = user_account.id
WHERE workspace_member.workspace_id = :workspace_id_1::UUID
  AND workspace_member.status = :status_1
  AND user_account.id = :id_1::UUID;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :status_1 = 'active'
-- :id_1 = user_account#s1

-- step: approve: modifications []

SELECT user_account.id,
       user_account.email,
       user_account.name,
       user_account.role,
       user_account.specialty
FROM user_account
JOIN workspace_member ON workspace_member.user_id = user_account.id
WHERE workspace_member.workspace_id = :workspace_id_1::UUID
  AND workspace_member.status = :status_1
  AND user_account.id = :id_1::UUID;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :status_1 = 'active'
-- :id_1 = user_account#s1

-- step: approve: modifications {'k': {1}}

SELECT user_account.id,
       user_account.email,
       user_account.name,
       user_account.role,
       user_account.specialty
FROM user_account
JOIN workspace_member ON workspace_member.user_id = user_account.id
WHERE workspace_member.workspace_id = :workspace_id_1::UUID
  AND workspace_member.status = :status_1
  AND user_account.id = :id_1::UUID;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :status_1 = 'active'
-- :id_1 = user_account#s1

-- step: approve: no action left

SELECT user_account.id,
       user_account.email,
       user_account.name,
       user_account.role,
       user_account.specialty
FROM user_account
JOIN workspace_member ON workspace_member.user_id = user_account.id
WHERE workspace_member.workspace_id = :workspace_id_1::UUID
  AND workspace_member.status = :status_1
  AND user_account.id = :id_1::UUID;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :status_1 = 'active'
-- :id_1 = user_account#s1

-- step: approve: parameters replaced by text

SELECT user_account.id,
       user_account.email,
       user_account.name,
       user_account.role,
       user_account.specialty
FROM user_account
JOIN workspace_member ON workspace_member.user_id = user_account.id
WHERE workspace_member.workspace_id = :workspace_id_1::UUID
  AND workspace_member.status = :status_1
  AND user_account.id = :id_1::UUID;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :status_1 = 'active'
-- :id_1 = user_account#s1

-- step: approve: empty comments

SELECT user_account.id,
       user_account.email,
       user_account.name,
       user_account.role,
       user_account.specialty
FROM user_account
JOIN workspace_member ON workspace_member.user_id = user_account.id
WHERE workspace_member.workspace_id = :workspace_id_1::UUID
  AND workspace_member.status = :status_1
  AND user_account.id = :id_1::UUID;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :status_1 = 'active'
-- :id_1 = user_account#s1

-- step: approve_training: hours 0

-- step: approve_training: hours -1

-- step: approve_training: hours 10001

-- step: approve_training: hours '8'

-- step: approve_training: hours nan

-- step: approve_training: hours a day 0

-- step: approve_training: hours a day 24.5

-- step: approve_training: hours a day None

-- step: approve_training: hours a day True

-- step: complete_training: score -0.01

-- step: complete_training: score 1.01

-- step: complete_training: score nan

-- step: complete_training: score inf

-- step: complete_training: score None

-- step: complete_training: score '1'

-- step: complete_training: score True

-- step: complete_training: more tasks than there were

-- step: complete_training: negative tasks

-- step: complete_training: negative errors

-- step: complete_training: capabilities as text

-- step: complete_training: feedback too long

-- step: fail_training: no reason

-- step: cancel_training: no reason

-- step: start_supervision: context as list

-- step: intervene: kind 'shout'

-- step: intervene: kind None

-- step: intervene: guidance ''

-- step: intervene: guidance 'None'

-- step: intervene: guidance 'xxxxxxxxx'

-- step: complete_supervision: rating 0

-- step: complete_supervision: rating 6

-- step: complete_supervision: rating 4.5

-- step: complete_supervision: rating None

-- step: complete_supervision: rating True

-- step: fail_supervision: no reason

-- step: review_by_agent: analysis -1

-- step: review_by_agent: analysis 2

-- step: review_by_agent: analysis None

-- step: review_by_agent: no reasoning
