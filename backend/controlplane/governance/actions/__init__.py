"""Actions of agents: their levels and risks, and the permission to take one."""
