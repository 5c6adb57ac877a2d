"""The list as text."""


from club.members import month_number


def listing(members, sort="name"):
    """A line a member, by family name and given name, or before that by the month of joining."""
    ordered = sorted(members, key=lambda member: (member.family, member.given))
    if sort == "joined":
        ordered.sort(key=lambda member: month_number(member.joined))
    return "\n".join(f"{member.family}, {member.given} (since {member.joined})" for member in ordered)
