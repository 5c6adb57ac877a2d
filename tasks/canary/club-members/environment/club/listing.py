"""The list as text."""


def listing(members):
    """A line a member, by family name and given name."""
    ordered = sorted(members, key=lambda member: (member.family, member.given))
    return "\n".join(f"{member.family}, {member.given} (since {member.joined})" for member in ordered)
