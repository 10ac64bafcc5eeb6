"""How a sweep closes in: by hand-made places, and for any there are."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from server.sweeps.convergence import Course, Done, Mover, Planned, Spot, converge
from server.visits.place import metres

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
RALLY = Spot(31.2, 121.4)
COURSE = Course(RALLY, AT, speed_kmh=6.0, detour=1.2, visit_minutes=20)
KM = 1 / 111.195  # degrees of latitude


def north(number: float) -> Spot:
    """So many kilometres north of the rally."""
    return Spot(RALLY.lat + number * KM, RALLY.lon)


def stop(number: float, state: str = "planned") -> Planned:
    """A stop that far north."""
    return Planned(f"s{number}", f"c{number}", state, north(number))


def mover(name: str, *stops: Planned, last: Spot | None = None, **known: object) -> Mover:
    """Somebody on their way."""
    return Mover(name, "lane", stops, None, last, **known)  # type: ignore[arg-type]


def test_distance_time_and_what_is_left() -> None:
    """Two kilometres off at 6 km/h with a fifth of detours: 24 minutes; two stops on the way cost 40 more."""
    (one,) = converge(COURSE, [mover("li", stop(3, "done"), stop(1), stop(0.5), last=north(2))], []).members
    assert (one.done, one.planned, one.left) == (1, 3, 2)
    assert abs((one.metres or 0) - 2000) < 5
    assert abs((one.minutes or 0) - 24) < 0.1
    assert abs((one.needs or 0) - 64) < 0.1
    assert abs((one.latest or AT) - (AT - timedelta(minutes=64))) < timedelta(seconds=10)


def test_who_is_late_depends_on_the_clock_alone() -> None:
    """The same state, an hour before and ten minutes before."""
    made = converge(COURSE, [mover("li", last=north(2)), mover("wu", stop(1), last=north(1))], [])
    assert made.late(AT - timedelta(hours=1)) == []
    assert made.on_time(AT - timedelta(hours=1))
    assert made.late(AT - timedelta(minutes=27)) == ["wu"]
    assert made.late(AT - timedelta(minutes=10)) == ["wu", "li"]


def test_nearest_first_never_by_success() -> None:
    """Who is there, in order of arriving; then by the way that is left; who is nowhere last."""
    there = mover("d", last=north(9), arrived_at=AT - timedelta(minutes=5))
    first = mover("c", arrived_at=AT - timedelta(minutes=9))
    made = converge(
        COURSE, [mover("z"), mover("b", last=north(1)), mover("a", last=north(2)), there, first], []
    )
    assert [one.member for one in made.members] == ["c", "d", "b", "a", "z"]
    assert made.members[1].metres == 0
    assert made.members[1].needs is None
    assert made.members[4].metres is None
    assert made.members[4].latest is None


def test_who_has_not_set_out_is_at_the_start() -> None:
    """And a stop whose place nobody knows costs its visit and no way."""
    nowhere = Planned("s", "c", "planned", None)
    (one,) = converge(COURSE, [Mover("li", "lane", [nowhere], north(1), None)], []).members
    assert abs((one.needs or 0) - 32) < 0.1
    (one,) = converge(COURSE, [Mover("li", "lane", [stop(1)], None, None)], []).members
    assert (one.metres, one.spot) == (None, None)
    assert abs((one.needs or 0) - 32) < 0.1


def test_sums_are_exact_and_by_currency() -> None:
    """Cents add up; what was not won is worth nothing yet."""
    won = [
        Done(True, Decimal("0.1"), "CNY"),
        Done(True, Decimal("0.2"), "CNY"),
        Done(True, Decimal(5), "EUR"),
    ]
    sums = converge(COURSE, [], [*won, Done(True), Done(False, Decimal(9), "CNY"), Done(False)]).sums
    assert (sums.visits, sums.wins) == (6, 4)
    assert sums.value == {"CNY": Decimal("0.3"), "EUR": Decimal(5)}


spots = st.builds(Spot, st.floats(-89, 89), st.floats(-179, 179))
stops = st.builds(
    Planned,
    st.uuids().map(str),
    st.just("c"),
    st.sampled_from(["planned", "done", "skipped"]),
    st.none() | spots,
)
moments = st.datetimes(datetime(2026, 5, 4), datetime(2026, 5, 5), timezones=st.just(UTC))
movers = st.builds(
    Mover,
    st.uuids().map(str),
    st.just("lane"),
    st.lists(stops, max_size=6),
    st.none() | spots,
    st.none() | spots,
    st.none(),
    st.none() | moments,
    st.none() | moments,
)


@given(st.lists(movers, max_size=30, unique_by=lambda one: one.member), st.randoms())
def test_any_squad_from_two_to_thirty(people: list[Mover], dice: object) -> None:
    """Everybody once; in whatever order they are named; nobody needs less than the straight way there."""
    made = converge(COURSE, people, [])
    assert sorted(one.member for one in made.members) == sorted(one.member for one in people)
    shuffled = list(people)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert converge(COURSE, shuffled, []) == made
    for one in made.members:
        assert 0 <= one.done <= one.planned
        if one.needs is not None and one.spot is not None:
            direct = COURSE.minutes(metres(*one.spot, *RALLY))
            assert one.needs >= direct + one.left * COURSE.visit_minutes - 0.2
    away = [one.minutes for one in made.members if one.arrived_at is None and one.minutes is not None]
    assert away == sorted(away)
