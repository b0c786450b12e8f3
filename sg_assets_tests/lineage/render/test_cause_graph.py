"""The picture of the changed asset partitions."""

from sg_assets.lineage.render.cause_graph import HEIGHT, WIDTH, picture
from sg_assets.lineage.walk import ChangedPartition, Explanation
from sg_assets_tests.lineage.render.views import pin


def test_boxes_do_not_overlap_and_inputs_stand_above_their_readers() -> None:
    names = [f"a/n{number}" for number in range(12)]
    partitions = [
        ChangedPartition(name, pin(name), pin(name), (), tuple(names[max(0, index - 3) : index]), (), trained=False)
        for index, name in enumerate(names)
    ]
    drawn = picture(Explanation(pin("a/n11"), pin("a/n11"), tuple(partitions)))
    by_name = {box.name: box for box in drawn.boxes}
    for changed in partitions:
        assert all(by_name[read].y + HEIGHT < by_name[changed.name].y for read in changed.reads)
    for box in drawn.boxes:
        assert 0 <= box.x <= drawn.width - WIDTH
        same_row = [other for other in drawn.boxes if other is not box and other.y == box.y]
        assert all(abs(other.x - box.x) > WIDTH for other in same_row)


def test_many_equal_inputs_are_counted_not_drawn() -> None:
    changed = ChangedPartition(
        "a/b", pin("a/b"), pin("a/b"), (), (), tuple(f"a/s{number}" for number in range(9)), trained=False
    )
    names = [box.name for box in picture(Explanation(pin("a/b"), pin("a/b"), (changed,))).boxes]
    assert names == ["a/b", "a/s0", "a/s1", "a/s2", "6 more, equal"]
