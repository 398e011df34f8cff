CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = 'append-only: ' || TG_TABLE_NAME, ERRCODE = 'restrict_violation'; END $$;

CREATE TABLE action_level (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    action VARCHAR(200) NOT NULL,
    level INTEGER NOT NULL,
    set_by UUID NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_action_level PRIMARY KEY (id),
    CONSTRAINT ck_action_level_level CHECK (level BETWEEN 1 AND 4),
    CONSTRAINT fk_action_level_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_action_level_set_by_user_account FOREIGN KEY(set_by) REFERENCES user_account (id)
);
CREATE UNIQUE INDEX ix_action_level_workspace_id_action ON action_level (workspace_id, action);

CREATE TABLE agent (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    name VARCHAR(200) NOT NULL,
    description TEXT NOT NULL,
    category VARCHAR(100) NOT NULL,
    module_path VARCHAR(200) NOT NULL,
    class_name VARCHAR(200) NOT NULL,
    maturity_level VARCHAR(32) NOT NULL,
    status VARCHAR(32) NOT NULL,
    confidence_score FLOAT(53) NOT NULL,
    capabilities JSON NOT NULL,
    owner_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_agent PRIMARY KEY (id),
    CONSTRAINT uq_agent_workspace_id_category_module_path_class_name UNIQUE (workspace_id, category, module_path, class_name),
    CONSTRAINT ck_agent_confidence_score CHECK (confidence_score BETWEEN 0 AND 1),
    CONSTRAINT fk_agent_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT ck_agent_maturity CHECK (maturity_level IN ('student', 'intern', 'supervised', 'autonomous')),
    CONSTRAINT ck_agent_agentstatus CHECK (status IN ('active', 'paused', 'stopped', 'deprecated', 'deleted')),
    CONSTRAINT fk_agent_owner_id_user_account FOREIGN KEY(owner_id) REFERENCES user_account (id)
);
CREATE INDEX ix_agent_workspace_id_maturity_level_status ON agent (workspace_id, maturity_level, status);

CREATE TABLE agent_execution (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    agent_id UUID NOT NULL,
    status VARCHAR(32) NOT NULL,
    triggered_by VARCHAR(32) NOT NULL,
    input_summary TEXT,
    output_summary TEXT,
    result_summary TEXT,
    error_type VARCHAR(200),
    error_message TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE,
    duration_seconds FLOAT(53),
    CONSTRAINT pk_agent_execution PRIMARY KEY (id),
    CONSTRAINT ck_agent_execution_duration_seconds CHECK (duration_seconds >= 0),
    CONSTRAINT ck_agent_execution_completed_at CHECK (completed_at >= started_at),
    CONSTRAINT fk_agent_execution_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_agent_execution_agent_id_agent FOREIGN KEY(agent_id) REFERENCES agent (id),
    CONSTRAINT ck_agent_execution_executionstatus CHECK (status IN ('pending', 'running', 'paused', 'completed', 'failed', 'cancelled', 'timeout')),
    CONSTRAINT ck_agent_execution_triggersource CHECK (triggered_by IN ('manual', 'schedule', 'websocket', 'event', 'data_sync', 'workflow_engine', 'ai_coordinator', 'canvas', 'form_submission', 'proposal'))
);
CREATE INDEX ix_agent_execution_agent ON agent_execution (workspace_id, agent_id, status, duration_seconds);
CREATE INDEX ix_agent_execution_agent_id_created_at ON agent_execution (agent_id, created_at);
CREATE INDEX ix_agent_execution_duration ON agent_execution (workspace_id, status, duration_seconds);
CREATE INDEX ix_agent_execution_status ON agent_execution (workspace_id, status, created_at, agent_id, error_type, completed_at);
CREATE INDEX ix_agent_execution_trigger ON agent_execution (workspace_id, triggered_by, (CAST(date_part('epoch', started_at - created_at) * 1000000 AS BIGINT)), created_at, started_at);
CREATE INDEX ix_agent_execution_under_way ON agent_execution (workspace_id, completed_at, started_at);
CREATE INDEX ix_agent_execution_window ON agent_execution (workspace_id, created_at, agent_id, status, duration_seconds);

CREATE TABLE agent_feedback (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    agent_id UUID NOT NULL,
    execution_id UUID,
    user_id UUID NOT NULL,
    rating INTEGER,
    original_output TEXT,
    user_correction TEXT,
    input_context TEXT,
    status VARCHAR(32) NOT NULL,
    confidence_change FLOAT(53) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    adjudicated_at TIMESTAMP WITH TIME ZONE,
    adjudicator_id UUID,
    comment TEXT,
    category VARCHAR(100),
    CONSTRAINT pk_agent_feedback PRIMARY KEY (id),
    CONSTRAINT ck_agent_feedback_rating CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT ck_agent_feedback_confidence_change CHECK (confidence_change BETWEEN -1 AND 1),
    CONSTRAINT fk_agent_feedback_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_agent_feedback_agent_id_agent FOREIGN KEY(agent_id) REFERENCES agent (id),
    CONSTRAINT fk_agent_feedback_execution_id_agent_execution FOREIGN KEY(execution_id) REFERENCES agent_execution (id),
    CONSTRAINT fk_agent_feedback_user_id_user_account FOREIGN KEY(user_id) REFERENCES user_account (id),
    CONSTRAINT ck_agent_feedback_feedbackstatus CHECK (status IN ('pending', 'accepted', 'rejected')),
    CONSTRAINT fk_agent_feedback_adjudicator_id_user_account FOREIGN KEY(adjudicator_id) REFERENCES user_account (id)
);
CREATE INDEX ix_agent_feedback_execution_id ON agent_feedback (execution_id);
CREATE INDEX ix_agent_feedback_workspace_id_agent_id_created_at_rating ON agent_feedback (workspace_id, agent_id, created_at, rating);
CREATE INDEX ix_agent_feedback_workspace_id_created_at ON agent_feedback (workspace_id, created_at);
CREATE INDEX ix_agent_feedback_workspace_id_status_created_at ON agent_feedback (workspace_id, status, created_at);

CREATE TABLE blocked_trigger (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    agent_id UUID NOT NULL,
    maturity_level VARCHAR(32) NOT NULL,
    confidence_score FLOAT(53) NOT NULL,
    trigger_source VARCHAR(32) NOT NULL,
    trigger_type VARCHAR(200) NOT NULL,
    trigger_context JSON NOT NULL,
    routing_decision VARCHAR(32) NOT NULL,
    block_reason TEXT NOT NULL,
    status VARCHAR(32) NOT NULL,
    priority INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    resolved BOOLEAN NOT NULL,
    resolved_at TIMESTAMP WITH TIME ZONE,
    resolution_outcome VARCHAR(32),
    proposal_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_blocked_trigger PRIMARY KEY (id),
    CONSTRAINT ck_blocked_trigger_confidence_score CHECK (confidence_score BETWEEN 0 AND 1),
    CONSTRAINT ck_blocked_trigger_attempts CHECK (attempts BETWEEN 0 AND 3),
    CONSTRAINT ck_blocked_trigger_priority CHECK (priority BETWEEN 0 AND 9),
    CONSTRAINT ck_blocked_trigger_resolved CHECK (resolved = (status = 'resolved')),
    CONSTRAINT ck_blocked_trigger_resolved_at CHECK (resolved = (resolved_at IS NOT NULL)),
    CONSTRAINT ck_blocked_trigger_outcome CHECK (resolved = (resolution_outcome IS NOT NULL)),
    CONSTRAINT fk_blocked_trigger_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_blocked_trigger_agent_id_agent FOREIGN KEY(agent_id) REFERENCES agent (id),
    CONSTRAINT ck_blocked_trigger_maturity CHECK (maturity_level IN ('student', 'intern', 'supervised', 'autonomous')),
    CONSTRAINT ck_blocked_trigger_triggersource CHECK (trigger_source IN ('manual', 'schedule', 'websocket', 'event', 'data_sync', 'workflow_engine', 'ai_coordinator', 'canvas', 'form_submission', 'proposal')),
    CONSTRAINT ck_blocked_trigger_routingdecision CHECK (routing_decision IN ('training', 'proposal', 'supervision', 'execution')),
    CONSTRAINT ck_blocked_trigger_triggerstatus CHECK (status IN ('waiting', 'in_progress', 'resolved')),
    CONSTRAINT ck_blocked_trigger_resolutionoutcome CHECK (resolution_outcome IN ('executed', 'trained', 'rejected', 'cancelled', 'interrupted', 'expired', 'failed')),
    CONSTRAINT fk_blocked_trigger_proposal_id_proposal FOREIGN KEY(proposal_id) REFERENCES proposal (id)
);
CREATE INDEX ix_blocked_trigger_proposal_id ON blocked_trigger (proposal_id);
CREATE INDEX ix_blocked_trigger_queue ON blocked_trigger (workspace_id, routing_decision, status, priority, created_at);
CREATE INDEX ix_blocked_trigger_window ON blocked_trigger (workspace_id, created_at, trigger_source, routing_decision);
CREATE INDEX ix_blocked_trigger_workspace_id_agent_id_created_at ON blocked_trigger (workspace_id, agent_id, created_at);

CREATE TABLE breakpoint (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    workflow_id UUID NOT NULL,
    step_key VARCHAR(200) NOT NULL,
    condition TEXT,
    hit_limit INTEGER,
    hit_count INTEGER NOT NULL,
    enabled BOOLEAN NOT NULL,
    log_message TEXT,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_hit_at TIMESTAMP WITH TIME ZONE,
    session_id UUID,
    CONSTRAINT pk_breakpoint PRIMARY KEY (id),
    CONSTRAINT ck_breakpoint_hit_limit CHECK (hit_limit >= 1),
    CONSTRAINT ck_breakpoint_hit_count CHECK (hit_count >= 0),
    CONSTRAINT fk_breakpoint_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_breakpoint_workflow_id_workflow FOREIGN KEY(workflow_id) REFERENCES workflow (id),
    CONSTRAINT fk_breakpoint_created_by_user_account FOREIGN KEY(created_by) REFERENCES user_account (id),
    CONSTRAINT fk_breakpoint_session_id_debug_session FOREIGN KEY(session_id) REFERENCES debug_session (id)
);
CREATE INDEX ix_breakpoint_session_id ON breakpoint (session_id);
CREATE INDEX ix_breakpoint_workspace_id_workflow_id_step_key ON breakpoint (workspace_id, workflow_id, step_key);

CREATE TABLE canvas (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    type VARCHAR(100) NOT NULL,
    component VARCHAR(200),
    content JSON NOT NULL,
    status VARCHAR(32) NOT NULL,
    revision INTEGER NOT NULL,
    owner_id UUID,
    agent_id UUID,
    workflow_execution_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_canvas PRIMARY KEY (id),
    CONSTRAINT ck_canvas_revision CHECK (revision >= 1),
    CONSTRAINT fk_canvas_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT ck_canvas_canvasstatus CHECK (status IN ('open', 'closed')),
    CONSTRAINT fk_canvas_owner_id_user_account FOREIGN KEY(owner_id) REFERENCES user_account (id),
    CONSTRAINT fk_canvas_agent_id_agent FOREIGN KEY(agent_id) REFERENCES agent (id),
    CONSTRAINT fk_canvas_workflow_execution_id_workflow_execution FOREIGN KEY(workflow_execution_id) REFERENCES workflow_execution (id)
);
CREATE INDEX ix_canvas_workflow_execution_id ON canvas (workflow_execution_id);
CREATE INDEX ix_canvas_workspace_id_status_type ON canvas (workspace_id, status, type);

CREATE TABLE canvas_audit (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    canvas_id UUID NOT NULL,
    sequence INTEGER NOT NULL,
    action VARCHAR(32) NOT NULL,
    content JSON NOT NULL,
    user_id UUID,
    agent_id UUID,
    workflow_execution_id UUID,
    step_key VARCHAR(200),
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_canvas_audit PRIMARY KEY (id),
    CONSTRAINT fk_canvas_audit_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_canvas_audit_canvas_id_canvas FOREIGN KEY(canvas_id) REFERENCES canvas (id),
    CONSTRAINT ck_canvas_audit_canvasaction CHECK (action IN ('present', 'update', 'submit', 'close')),
    CONSTRAINT fk_canvas_audit_user_id_user_account FOREIGN KEY(user_id) REFERENCES user_account (id),
    CONSTRAINT fk_canvas_audit_agent_id_agent FOREIGN KEY(agent_id) REFERENCES agent (id),
    CONSTRAINT fk_canvas_audit_workflow_execution_id_workflow_execution FOREIGN KEY(workflow_execution_id) REFERENCES workflow_execution (id)
);
CREATE UNIQUE INDEX ix_canvas_audit_canvas_id_sequence ON canvas_audit (canvas_id, sequence);
CREATE INDEX ix_canvas_audit_workspace_id_at_action ON canvas_audit (workspace_id, at, action);
CREATE TRIGGER keeps_rows BEFORE UPDATE OR DELETE ON canvas_audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keeps_table BEFORE TRUNCATE ON canvas_audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE debug_grant (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    session_id UUID NOT NULL,
    user_id UUID NOT NULL,
    permission VARCHAR(32) NOT NULL,
    granted_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_debug_grant PRIMARY KEY (id),
    CONSTRAINT uq_debug_grant_session_id_user_id UNIQUE (session_id, user_id),
    CONSTRAINT fk_debug_grant_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_debug_grant_session_id_debug_session FOREIGN KEY(session_id) REFERENCES debug_session (id),
    CONSTRAINT fk_debug_grant_user_id_user_account FOREIGN KEY(user_id) REFERENCES user_account (id),
    CONSTRAINT ck_debug_grant_debugpermission CHECK (permission IN ('viewer', 'operator', 'owner')),
    CONSTRAINT fk_debug_grant_granted_by_user_account FOREIGN KEY(granted_by) REFERENCES user_account (id)
);

CREATE TABLE debug_session (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    workflow_id UUID NOT NULL,
    execution_id UUID,
    name VARCHAR(200) NOT NULL,
    owner_id UUID NOT NULL,
    status VARCHAR(32) NOT NULL,
    stop_on_entry BOOLEAN NOT NULL,
    stop_on_error BOOLEAN NOT NULL,
    mode VARCHAR(32) NOT NULL,
    mode_depth INTEGER NOT NULL,
    stop_reason VARCHAR(32),
    stopped_execution_id UUID,
    stopped_step VARCHAR(200),
    stopped_item INTEGER,
    stopped_attempt INTEGER,
    allowed_key VARCHAR(300),
    breakpoint_id UUID,
    trace_count INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    paused_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_debug_session PRIMARY KEY (id),
    CONSTRAINT ck_debug_session_trace_count CHECK (trace_count >= 0),
    CONSTRAINT ck_debug_session_mode_depth CHECK (mode_depth >= 0),
    CONSTRAINT ck_debug_session_stopped_item CHECK (stopped_item >= 0),
    CONSTRAINT fk_debug_session_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_debug_session_workflow_id_workflow FOREIGN KEY(workflow_id) REFERENCES workflow (id),
    CONSTRAINT fk_debug_session_execution_id_workflow_execution FOREIGN KEY(execution_id) REFERENCES workflow_execution (id),
    CONSTRAINT fk_debug_session_owner_id_user_account FOREIGN KEY(owner_id) REFERENCES user_account (id),
    CONSTRAINT ck_debug_session_debugstatus CHECK (status IN ('active', 'paused', 'completed', 'cancelled')),
    CONSTRAINT ck_debug_session_debugmode CHECK (mode IN ('continue', 'over', 'into', 'out')),
    CONSTRAINT ck_debug_session_stopreason CHECK (stop_reason IN ('entry', 'breakpoint', 'step', 'error', 'pause')),
    CONSTRAINT fk_debug_session_stopped_execution_id_workflow_execution FOREIGN KEY(stopped_execution_id) REFERENCES workflow_execution (id)
);
CREATE INDEX ix_debug_session_execution_id ON debug_session (execution_id);
CREATE INDEX ix_debug_session_workflow_id ON debug_session (workflow_id);
CREATE INDEX ix_debug_session_workspace_id_status_created_at ON debug_session (workspace_id, status, created_at);

CREATE TABLE debug_variable (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    session_id UUID NOT NULL,
    execution_id UUID,
    sequence INTEGER NOT NULL,
    name VARCHAR(200) NOT NULL,
    was_set BOOLEAN NOT NULL,
    old_value JSON,
    new_value JSON,
    step_key VARCHAR(200),
    changed_by UUID NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_debug_variable PRIMARY KEY (id),
    CONSTRAINT fk_debug_variable_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_debug_variable_session_id_debug_session FOREIGN KEY(session_id) REFERENCES debug_session (id),
    CONSTRAINT fk_debug_variable_execution_id_workflow_execution FOREIGN KEY(execution_id) REFERENCES workflow_execution (id),
    CONSTRAINT fk_debug_variable_changed_by_user_account FOREIGN KEY(changed_by) REFERENCES user_account (id)
);
CREATE UNIQUE INDEX ix_debug_variable_session_id_sequence ON debug_variable (session_id, sequence);
CREATE INDEX ix_debug_variable_workspace_id_name ON debug_variable (workspace_id, name);
CREATE TRIGGER keeps_rows BEFORE UPDATE OR DELETE ON debug_variable FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keeps_table BEFORE TRUNCATE ON debug_variable FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE execution_day (
    workspace_id UUID NOT NULL,
    day TIMESTAMP WITH TIME ZONE NOT NULL,
    agent_id UUID NOT NULL,
    status VARCHAR(32) NOT NULL,
    runs INTEGER NOT NULL,
    timed INTEGER NOT NULL,
    seconds FLOAT(53) NOT NULL,
    CONSTRAINT pk_execution_day PRIMARY KEY (workspace_id, day, agent_id, status),
    CONSTRAINT ck_execution_day_runs CHECK (runs >= 1),
    CONSTRAINT ck_execution_day_timed CHECK (timed >= 0),
    CONSTRAINT ck_execution_day_seconds CHECK (seconds >= 0),
    CONSTRAINT fk_execution_day_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_execution_day_agent_id_agent FOREIGN KEY(agent_id) REFERENCES agent (id),
    CONSTRAINT ck_execution_day_executionstatus CHECK (status IN ('pending', 'running', 'paused', 'completed', 'failed', 'cancelled', 'timeout'))
);

CREATE TABLE execution_day_built (
    workspace_id UUID NOT NULL,
    day TIMESTAMP WITH TIME ZONE NOT NULL,
    built_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_execution_day_built PRIMARY KEY (workspace_id, day),
    CONSTRAINT fk_execution_day_built_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id)
);

CREATE TABLE execution_day_change (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    day TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_execution_day_change PRIMARY KEY (id),
    CONSTRAINT fk_execution_day_change_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id)
);
CREATE INDEX ix_execution_day_change_workspace_id_day ON execution_day_change (workspace_id, day);

CREATE TABLE execution_day_level (
    workspace_id UUID NOT NULL,
    day TIMESTAMP WITH TIME ZONE NOT NULL,
    peak INTEGER NOT NULL,
    busy BIGINT NOT NULL,
    built_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_execution_day_level PRIMARY KEY (workspace_id, day),
    CONSTRAINT ck_execution_day_level_peak CHECK (peak >= 0),
    CONSTRAINT ck_execution_day_level_busy CHECK (busy >= 0),
    CONSTRAINT fk_execution_day_level_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id)
);

CREATE TABLE execution_level_change (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_execution_level_change PRIMARY KEY (id),
    CONSTRAINT fk_execution_level_change_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id)
);
CREATE INDEX ix_execution_level_change_workspace_id_since_until ON execution_level_change (workspace_id, since, until);

CREATE TABLE execution_trace (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    session_id UUID NOT NULL,
    execution_id UUID,
    sequence INTEGER NOT NULL,
    step_key VARCHAR(200) NOT NULL,
    item INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    status VARCHAR(32) NOT NULL,
    input JSON,
    output JSON,
    error_type VARCHAR(200),
    error_message TEXT,
    variables_before JSON NOT NULL,
    variables_after JSON NOT NULL,
    diff JSON NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE,
    duration_seconds FLOAT(53),
    workflow VARCHAR(200),
    CONSTRAINT pk_execution_trace PRIMARY KEY (id),
    CONSTRAINT ck_execution_trace_duration_seconds CHECK (duration_seconds >= 0),
    CONSTRAINT ck_execution_trace_item CHECK (item >= 0),
    CONSTRAINT fk_execution_trace_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_execution_trace_session_id_debug_session FOREIGN KEY(session_id) REFERENCES debug_session (id),
    CONSTRAINT fk_execution_trace_execution_id_workflow_execution FOREIGN KEY(execution_id) REFERENCES workflow_execution (id)
);
CREATE INDEX ix_execution_trace_execution_id_step_key_item_attempt ON execution_trace (execution_id, step_key, item, attempt);
CREATE UNIQUE INDEX ix_execution_trace_session_id_sequence ON execution_trace (session_id, sequence);
CREATE INDEX ix_execution_trace_workspace_id_started_at_duration_seconds ON execution_trace (workspace_id, started_at, duration_seconds);
CREATE TRIGGER keeps_rows BEFORE UPDATE OR DELETE ON execution_trace FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keeps_table BEFORE TRUNCATE ON execution_trace FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE intervention (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    session_id UUID NOT NULL,
    sequence INTEGER NOT NULL,
    intervention_type VARCHAR(32) NOT NULL,
    guidance TEXT NOT NULL,
    supervisor_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_intervention PRIMARY KEY (id),
    CONSTRAINT ck_intervention_sequence CHECK (sequence >= 1),
    CONSTRAINT fk_intervention_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_intervention_session_id_supervision_session FOREIGN KEY(session_id) REFERENCES supervision_session (id),
    CONSTRAINT ck_intervention_interventiontype CHECK (intervention_type IN ('pause', 'correct', 'terminate')),
    CONSTRAINT fk_intervention_supervisor_id_user_account FOREIGN KEY(supervisor_id) REFERENCES user_account (id)
);
CREATE UNIQUE INDEX ix_intervention_session_id_sequence ON intervention (session_id, sequence);
CREATE INDEX ix_intervention_workspace_id_at ON intervention (workspace_id, at);
CREATE TRIGGER keeps_rows BEFORE UPDATE OR DELETE ON intervention FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keeps_table BEFORE TRUNCATE ON intervention FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE lifecycle_event (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    record_kind VARCHAR(64) NOT NULL,
    record_id UUID NOT NULL,
    sequence INTEGER NOT NULL,
    from_status VARCHAR(32),
    to_status VARCHAR(32) NOT NULL,
    actor_id UUID,
    reason TEXT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor_agent_id UUID,
    CONSTRAINT pk_lifecycle_event PRIMARY KEY (id),
    CONSTRAINT ck_lifecycle_event_one_actor CHECK (actor_id IS NULL OR actor_agent_id IS NULL),
    CONSTRAINT fk_lifecycle_event_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_lifecycle_event_actor_id_user_account FOREIGN KEY(actor_id) REFERENCES user_account (id),
    CONSTRAINT fk_lifecycle_event_actor_agent_id_agent FOREIGN KEY(actor_agent_id) REFERENCES agent (id)
);
CREATE UNIQUE INDEX ix_lifecycle_event_record_kind_record_id_sequence ON lifecycle_event (record_kind, record_id, sequence);
CREATE INDEX ix_lifecycle_event_workspace_id_record_kind_at ON lifecycle_event (workspace_id, record_kind, at);
CREATE TRIGGER keeps_rows BEFORE UPDATE OR DELETE ON lifecycle_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keeps_table BEFORE TRUNCATE ON lifecycle_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE proposal (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    agent_id UUID NOT NULL,
    proposal_type VARCHAR(32) NOT NULL,
    title VARCHAR(200) NOT NULL,
    description TEXT NOT NULL,
    proposed_action JSON NOT NULL,
    reasoning TEXT,
    proposer_id UUID,
    status VARCHAR(32) NOT NULL,
    reviewer_id UUID,
    reviewer_agent_id UUID,
    reviewed_at TIMESTAMP WITH TIME ZONE,
    review_comments TEXT,
    modifications JSON,
    execution_result JSON,
    execution_id UUID,
    estimated_hours FLOAT(53),
    capability_gaps JSON NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    completed_at TIMESTAMP WITH TIME ZONE,
    estimated_low FLOAT(53),
    estimated_high FLOAT(53),
    estimate_confidence FLOAT(53),
    lost_deliveries INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_proposal PRIMARY KEY (id),
    CONSTRAINT ck_proposal_estimated_hours CHECK (estimated_hours >= 0),
    CONSTRAINT ck_proposal_estimated_range CHECK (estimated_low >= 0 AND estimated_low <= estimated_high),
    CONSTRAINT ck_proposal_estimate_confidence CHECK (estimate_confidence >= 0 AND estimate_confidence <= 1),
    CONSTRAINT ck_proposal_lost_deliveries CHECK (lost_deliveries >= 0),
    CONSTRAINT ck_proposal_one_reviewer CHECK (reviewer_id IS NULL OR reviewer_agent_id IS NULL),
    CONSTRAINT fk_proposal_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_proposal_agent_id_agent FOREIGN KEY(agent_id) REFERENCES agent (id),
    CONSTRAINT ck_proposal_proposaltype CHECK (proposal_type IN ('action', 'training')),
    CONSTRAINT fk_proposal_proposer_id_user_account FOREIGN KEY(proposer_id) REFERENCES user_account (id),
    CONSTRAINT ck_proposal_proposalstatus CHECK (status IN ('pending', 'approved', 'executed', 'execution_failed', 'rejected', 'cancelled', 'expired')),
    CONSTRAINT fk_proposal_reviewer_id_user_account FOREIGN KEY(reviewer_id) REFERENCES user_account (id),
    CONSTRAINT fk_proposal_reviewer_agent_id_agent FOREIGN KEY(reviewer_agent_id) REFERENCES agent (id),
    CONSTRAINT fk_proposal_execution_id_agent_execution FOREIGN KEY(execution_id) REFERENCES agent_execution (id)
);
CREATE INDEX ix_proposal_status_proposal_type_created_at ON proposal (status, proposal_type, created_at);
CREATE INDEX ix_proposal_workspace_id_agent_id_created_at ON proposal (workspace_id, agent_id, created_at);
CREATE INDEX ix_proposal_workspace_id_created_at_reviewed_at ON proposal (workspace_id, created_at, reviewed_at);
CREATE INDEX ix_proposal_workspace_id_reviewer_id_reviewed_at ON proposal (workspace_id, reviewer_id, reviewed_at);
CREATE INDEX ix_proposal_workspace_id_status_created_at ON proposal (workspace_id, status, created_at);

CREATE TABLE supervision_session (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    agent_id UUID NOT NULL,
    trigger_id UUID,
    supervisor_id UUID NOT NULL,
    trigger_context JSON NOT NULL,
    status VARCHAR(32) NOT NULL,
    intervention_count INTEGER NOT NULL,
    rating INTEGER,
    feedback TEXT,
    confidence_boost FLOAT(53),
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    completed_at TIMESTAMP WITH TIME ZONE,
    duration_seconds FLOAT(53),
    execution_id UUID,
    CONSTRAINT pk_supervision_session PRIMARY KEY (id),
    CONSTRAINT ck_supervision_session_intervention_count CHECK (intervention_count >= 0),
    CONSTRAINT ck_supervision_session_rating CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT ck_supervision_session_confidence_boost CHECK (confidence_boost BETWEEN 0 AND 1),
    CONSTRAINT ck_supervision_session_duration_seconds CHECK (duration_seconds >= 0),
    CONSTRAINT fk_supervision_session_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_supervision_session_agent_id_agent FOREIGN KEY(agent_id) REFERENCES agent (id),
    CONSTRAINT fk_supervision_session_trigger_id_blocked_trigger FOREIGN KEY(trigger_id) REFERENCES blocked_trigger (id),
    CONSTRAINT fk_supervision_session_supervisor_id_user_account FOREIGN KEY(supervisor_id) REFERENCES user_account (id),
    CONSTRAINT ck_supervision_session_supervisionstatus CHECK (status IN ('running', 'paused', 'completed', 'interrupted', 'failed')),
    CONSTRAINT fk_supervision_session_execution_id_agent_execution FOREIGN KEY(execution_id) REFERENCES agent_execution (id)
);
CREATE INDEX ix_supervision_session_agent ON supervision_session (workspace_id, agent_id, started_at, intervention_count);
CREATE INDEX ix_supervision_session_execution_id ON supervision_session (execution_id);
CREATE INDEX ix_supervision_session_trigger_id ON supervision_session (trigger_id);
CREATE INDEX ix_supervision_session_window ON supervision_session (workspace_id, started_at, intervention_count);
CREATE INDEX ix_supervision_session_workspace_id_status_started_at ON supervision_session (workspace_id, status, started_at);

CREATE TABLE training_session (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    proposal_id UUID NOT NULL,
    agent_id UUID NOT NULL,
    supervisor_id UUID NOT NULL,
    status VARCHAR(32) NOT NULL,
    tasks_completed INTEGER NOT NULL,
    tasks_total INTEGER NOT NULL,
    errors_count INTEGER NOT NULL,
    performance_score FLOAT(53),
    confidence_boost FLOAT(53),
    promoted BOOLEAN NOT NULL,
    capabilities_developed JSON NOT NULL,
    capability_gaps_remaining JSON NOT NULL,
    supervisor_feedback TEXT,
    planned_hours FLOAT(53) NOT NULL,
    hours_per_day FLOAT(53) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    scheduled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    scheduled_end_at TIMESTAMP WITH TIME ZONE NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE,
    duration_seconds FLOAT(53),
    CONSTRAINT pk_training_session PRIMARY KEY (id),
    CONSTRAINT ck_training_session_tasks_completed CHECK (tasks_completed BETWEEN 0 AND tasks_total),
    CONSTRAINT ck_training_session_errors_count CHECK (errors_count >= 0),
    CONSTRAINT ck_training_session_performance_score CHECK (performance_score BETWEEN 0 AND 1),
    CONSTRAINT ck_training_session_confidence_boost CHECK (confidence_boost BETWEEN 0 AND 1),
    CONSTRAINT ck_training_session_planned_hours CHECK (planned_hours > 0),
    CONSTRAINT ck_training_session_hours_per_day CHECK (hours_per_day > 0 AND hours_per_day <= 24),
    CONSTRAINT ck_training_session_duration_seconds CHECK (duration_seconds >= 0),
    CONSTRAINT fk_training_session_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT uq_training_session_proposal_id UNIQUE (proposal_id),
    CONSTRAINT fk_training_session_proposal_id_proposal FOREIGN KEY(proposal_id) REFERENCES proposal (id),
    CONSTRAINT fk_training_session_agent_id_agent FOREIGN KEY(agent_id) REFERENCES agent (id),
    CONSTRAINT fk_training_session_supervisor_id_user_account FOREIGN KEY(supervisor_id) REFERENCES user_account (id),
    CONSTRAINT ck_training_session_trainingstatus CHECK (status IN ('scheduled', 'in_progress', 'completed', 'cancelled', 'failed'))
);
CREATE INDEX ix_training_session_workspace_id_agent_id_created_at ON training_session (workspace_id, agent_id, created_at);
CREATE INDEX ix_training_session_workspace_id_status_completed_at ON training_session (workspace_id, status, completed_at);

CREATE TABLE user_account (
    id UUID NOT NULL,
    email VARCHAR(320) NOT NULL,
    name VARCHAR(200) NOT NULL,
    role VARCHAR(32) NOT NULL,
    specialty VARCHAR(200),
    CONSTRAINT pk_user_account PRIMARY KEY (id),
    CONSTRAINT uq_user_account_email UNIQUE (email),
    CONSTRAINT ck_user_account_role CHECK (role IN ('owner', 'admin', 'team_lead', 'member', 'viewer'))
);

CREATE TABLE workflow (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    name VARCHAR(200) NOT NULL,
    description TEXT NOT NULL,
    latest_version INTEGER NOT NULL,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_workflow PRIMARY KEY (id),
    CONSTRAINT uq_workflow_workspace_id_name UNIQUE (workspace_id, name),
    CONSTRAINT ck_workflow_latest_version CHECK (latest_version >= 1),
    CONSTRAINT fk_workflow_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_workflow_created_by_user_account FOREIGN KEY(created_by) REFERENCES user_account (id)
);

CREATE TABLE workflow_execution (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    workflow_id UUID NOT NULL,
    version_id UUID NOT NULL,
    status VARCHAR(32) NOT NULL,
    triggered_by VARCHAR(32) NOT NULL,
    input_data JSON NOT NULL,
    variables JSON NOT NULL,
    outputs JSON,
    error_type VARCHAR(200),
    error_message TEXT,
    failed_step VARCHAR(200),
    pause_reason TEXT,
    user_id UUID,
    agent_id UUID,
    parent_execution_id UUID,
    depth INTEGER NOT NULL,
    replay_of_id UUID,
    debugged BOOLEAN NOT NULL,
    open_steps INTEGER NOT NULL,
    log_sequence INTEGER NOT NULL,
    wake_at TIMESTAMP WITH TIME ZONE,
    deadline_at TIMESTAMP WITH TIME ZONE,
    lock_version INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE,
    duration_seconds FLOAT(53),
    tolerates_skips BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_workflow_execution PRIMARY KEY (id),
    CONSTRAINT ck_workflow_execution_duration_seconds CHECK (duration_seconds >= 0),
    CONSTRAINT ck_workflow_execution_open_steps CHECK (open_steps >= 0),
    CONSTRAINT ck_workflow_execution_depth CHECK (depth >= 0),
    CONSTRAINT fk_workflow_execution_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_workflow_execution_workflow_id_workflow FOREIGN KEY(workflow_id) REFERENCES workflow (id),
    CONSTRAINT fk_workflow_execution_version_id_workflow_version FOREIGN KEY(version_id) REFERENCES workflow_version (id),
    CONSTRAINT ck_workflow_execution_workflowstatus CHECK (status IN ('pending', 'running', 'waiting', 'paused', 'compensating', 'completed', 'failed', 'cancelled')),
    CONSTRAINT ck_workflow_execution_triggersource CHECK (triggered_by IN ('manual', 'schedule', 'websocket', 'event', 'data_sync', 'workflow_engine', 'ai_coordinator', 'canvas', 'form_submission', 'proposal')),
    CONSTRAINT fk_workflow_execution_user_id_user_account FOREIGN KEY(user_id) REFERENCES user_account (id),
    CONSTRAINT fk_workflow_execution_agent_id_agent FOREIGN KEY(agent_id) REFERENCES agent (id),
    CONSTRAINT fk_workflow_execution_parent_execution_id_workflow_execution FOREIGN KEY(parent_execution_id) REFERENCES workflow_execution (id),
    CONSTRAINT fk_workflow_execution_replay_of_id_workflow_execution FOREIGN KEY(replay_of_id) REFERENCES workflow_execution (id)
);
CREATE INDEX ix_workflow_execution_parent_execution_id ON workflow_execution (parent_execution_id);
CREATE INDEX ix_workflow_execution_replay_of_id ON workflow_execution (replay_of_id);
CREATE INDEX ix_workflow_execution_wake_at_id ON workflow_execution (wake_at, id);
CREATE INDEX ix_workflow_execution_window ON workflow_execution (workspace_id, created_at, workflow_id, status, duration_seconds);
CREATE INDEX ix_workflow_execution_workflow ON workflow_execution (workspace_id, workflow_id, status, duration_seconds);
CREATE INDEX ix_workflow_execution_workspace_id_status_created_at ON workflow_execution (workspace_id, status, created_at);

CREATE TABLE workflow_execution_log (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    execution_id UUID NOT NULL,
    sequence INTEGER NOT NULL,
    level VARCHAR(32) NOT NULL,
    event VARCHAR(64) NOT NULL,
    message TEXT NOT NULL,
    step_key VARCHAR(200),
    context JSON NOT NULL,
    timestamp TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_workflow_execution_log PRIMARY KEY (id),
    CONSTRAINT fk_workflow_execution_log_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_workflow_execution_log_execution_id_workflow_execution FOREIGN KEY(execution_id) REFERENCES workflow_execution (id),
    CONSTRAINT ck_workflow_execution_log_loglevel CHECK (level IN ('debug', 'info', 'warning', 'error'))
);
CREATE UNIQUE INDEX ix_workflow_execution_log_execution_id_sequence ON workflow_execution_log (execution_id, sequence);
CREATE TRIGGER keeps_rows BEFORE UPDATE OR DELETE ON workflow_execution_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keeps_table BEFORE TRUNCATE ON workflow_execution_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE workflow_signal (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    execution_id UUID NOT NULL,
    name VARCHAR(200) NOT NULL,
    payload JSON,
    sent_by UUID,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE,
    taken_by_step VARCHAR(200),
    CONSTRAINT pk_workflow_signal PRIMARY KEY (id),
    CONSTRAINT fk_workflow_signal_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_workflow_signal_execution_id_workflow_execution FOREIGN KEY(execution_id) REFERENCES workflow_execution (id),
    CONSTRAINT fk_workflow_signal_sent_by_user_account FOREIGN KEY(sent_by) REFERENCES user_account (id)
);
CREATE INDEX ix_workflow_signal_execution_id_name_sent_at ON workflow_signal (execution_id, name, sent_at);

CREATE TABLE workflow_step (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    version_id UUID NOT NULL,
    position INTEGER NOT NULL,
    key VARCHAR(200) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    name VARCHAR(200) NOT NULL,
    parameters JSON NOT NULL,
    depends_on JSON NOT NULL,
    condition TEXT,
    retry_policy JSON,
    timeout_seconds FLOAT(53),
    continue_on_error BOOLEAN NOT NULL,
    compensation JSON,
    CONSTRAINT pk_workflow_step PRIMARY KEY (id),
    CONSTRAINT uq_workflow_step_version_id_key UNIQUE (version_id, key),
    CONSTRAINT uq_workflow_step_version_id_position UNIQUE (version_id, position),
    CONSTRAINT ck_workflow_step_position CHECK (position >= 0),
    CONSTRAINT ck_workflow_step_timeout_seconds CHECK (timeout_seconds > 0),
    CONSTRAINT fk_workflow_step_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_workflow_step_version_id_workflow_version FOREIGN KEY(version_id) REFERENCES workflow_version (id),
    CONSTRAINT ck_workflow_step_stepkind CHECK (kind IN ('task', 'http', 'condition', 'parallel', 'join', 'map', 'approval', 'wait', 'canvas', 'agent', 'workflow'))
);
CREATE TRIGGER keeps_rows BEFORE UPDATE OR DELETE ON workflow_step FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keeps_table BEFORE TRUNCATE ON workflow_step FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE workflow_step_execution (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    execution_id UUID NOT NULL,
    step_key VARCHAR(200) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    role VARCHAR(32) NOT NULL,
    item INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    position INTEGER NOT NULL,
    status VARCHAR(32) NOT NULL,
    remaining INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    outcome VARCHAR(200),
    scope JSON,
    input JSON,
    output JSON,
    error_type VARCHAR(200),
    error_message TEXT,
    idempotency_key VARCHAR(300) NOT NULL,
    lease_token UUID,
    lease_until TIMESTAMP WITH TIME ZONE,
    leased_by VARCHAR(200),
    deliveries INTEGER NOT NULL,
    wake_at TIMESTAMP WITH TIME ZONE,
    child_execution_id UUID,
    agent_execution_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ready_at TIMESTAMP WITH TIME ZONE,
    started_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE,
    duration_seconds FLOAT(53),
    CONSTRAINT pk_workflow_step_execution PRIMARY KEY (id),
    CONSTRAINT ck_workflow_step_execution_attempt CHECK (attempt >= 1),
    CONSTRAINT ck_workflow_step_execution_counters CHECK (remaining >= 0 AND taken >= 0 AND deliveries >= 0),
    CONSTRAINT ck_workflow_step_execution_place CHECK (item >= 0 AND position >= 0),
    CONSTRAINT ck_workflow_step_execution_duration_seconds CHECK (duration_seconds >= 0),
    CONSTRAINT fk_workflow_step_execution_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_workflow_step_execution_execution_id_workflow_execution FOREIGN KEY(execution_id) REFERENCES workflow_execution (id),
    CONSTRAINT ck_workflow_step_execution_stepkind CHECK (kind IN ('task', 'http', 'condition', 'parallel', 'join', 'map', 'approval', 'wait', 'canvas', 'agent', 'workflow')),
    CONSTRAINT ck_workflow_step_execution_steprole CHECK (role IN ('step', 'item', 'compensation')),
    CONSTRAINT ck_workflow_step_execution_stepstatus CHECK (status IN ('pending', 'running', 'waiting', 'completed', 'failed', 'skipped', 'cancelled', 'compensated')),
    CONSTRAINT fk_workflow_step_execution_child FOREIGN KEY(child_execution_id) REFERENCES workflow_execution (id),
    CONSTRAINT fk_workflow_step_execution_agent_execution_id_agent_execution FOREIGN KEY(agent_execution_id) REFERENCES agent_execution (id)
);
CREATE UNIQUE INDEX ix_workflow_step_execution_attempt ON workflow_step_execution (execution_id, step_key, role, item, attempt);
CREATE INDEX ix_workflow_step_execution_child_execution_id ON workflow_step_execution (child_execution_id);
CREATE INDEX ix_workflow_step_execution_ready ON workflow_step_execution (execution_id, status, remaining, position, item);
CREATE INDEX ix_workflow_step_execution_window ON workflow_step_execution (workspace_id, started_at, kind, status);

CREATE TABLE workflow_version (
    id UUID NOT NULL,
    workspace_id UUID NOT NULL,
    workflow_id UUID NOT NULL,
    version INTEGER NOT NULL,
    definition JSON NOT NULL,
    digest VARCHAR(64) NOT NULL,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_workflow_version PRIMARY KEY (id),
    CONSTRAINT uq_workflow_version_workflow_id_version UNIQUE (workflow_id, version),
    CONSTRAINT ck_workflow_version_version CHECK (version >= 1),
    CONSTRAINT fk_workflow_version_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_workflow_version_workflow_id_workflow FOREIGN KEY(workflow_id) REFERENCES workflow (id),
    CONSTRAINT fk_workflow_version_created_by_user_account FOREIGN KEY(created_by) REFERENCES user_account (id)
);
CREATE TRIGGER keeps_rows BEFORE UPDATE OR DELETE ON workflow_version FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keeps_table BEFORE TRUNCATE ON workflow_version FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE workspace (
    id UUID NOT NULL,
    name VARCHAR(200) NOT NULL,
    CONSTRAINT pk_workspace PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_workspace_name ON workspace (name);

CREATE TABLE workspace_member (
    workspace_id UUID NOT NULL,
    user_id UUID NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    status VARCHAR(32) DEFAULT 'active' NOT NULL,
    CONSTRAINT pk_workspace_member PRIMARY KEY (workspace_id, user_id),
    CONSTRAINT fk_workspace_member_workspace_id_workspace FOREIGN KEY(workspace_id) REFERENCES workspace (id),
    CONSTRAINT fk_workspace_member_user_id_user_account FOREIGN KEY(user_id) REFERENCES user_account (id),
    CONSTRAINT ck_workspace_member_membershipstatus CHECK (status IN ('active', 'suspended', 'removed'))
);
CREATE INDEX ix_workspace_member_user_id ON workspace_member (user_id);
