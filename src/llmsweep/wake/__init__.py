"""The wake filter: one cheap decision about a trigger before an expensive agent is woken for it."""
