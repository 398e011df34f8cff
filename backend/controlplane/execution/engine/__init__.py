"""The state machine of executions: create, claim, execute and complete steps, one unit of work at a time."""
