"""Plans a project: its tools one after the other, with some slack between them."""

PRESETS = {
    "weekend": {"check_out_days": 2, "check_in_slack": 0},
    "season": {"check_out_days": 21, "check_in_slack": 3},
}


def plan(codes, start, check_out_days=7, check_in_slack=1):
    """(code, first day, last day) of each tool; the next one starts after the slack."""
    steps = []
    for code in codes:
        steps.append((code, start, start + check_out_days))
        start += check_out_days + check_in_slack
    return steps


def plan_preset(name, codes, start, **changes):
    """The plan of a preset; ``changes`` are keywords of plan."""
    return plan(codes, start, **{**PRESETS[name], **changes})
