"""The results of all benches in one table, as it stands in docs/benchmarks.md."""

HEAD = ("what", "measured", "wanted", "floor", "times the floor", "database")


def table(lines: list[dict]) -> str:
    """Markdown: a row for each result, the misses marked."""
    rows = [HEAD, tuple("---" for _ in HEAD), *(_row(line) for line in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(line: dict) -> tuple[str, ...]:
    value, most, floor = line["value"], line["most"], line["floor"]
    wanted = "" if most is None else f"<= {most:g}" + (" (missed)" if value > most else "")
    times = f"{value / floor:.1f}" if floor else ""
    measured = f"{value:.2f} {line['unit']}"
    return line["what"], measured, wanted, f"{floor:.2f}" if floor else "", times, line["database"]
