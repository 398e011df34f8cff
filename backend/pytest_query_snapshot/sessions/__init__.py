"""The record of past pytest sessions: the tests of each module, the test of each golden."""
