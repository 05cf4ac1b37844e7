"""What is said of a build while dbt works."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any


def progress(
    of_layers: Mapping[str, str], info: Callable[[str], None], error: Callable[[str], None]
) -> Callable[[Any], None]:
    """What hears dbt's events, and says when a layer's last model is made, how long its models
    took, and what fails: names and seconds only."""
    to_come = Counter(of_layers.values())
    models, seconds = Counter(to_come), Counter[str]()

    def heard(event: Any) -> None:
        if event.info.name != "NodeFinished":
            return
        node, result = event.data.node_info, event.data.run_result
        if result.status in ("error", "fail"):
            error(f"{node.node_name}: {result.status}")
        layer = of_layers.get(node.unique_id)
        if layer and result.status == "success":
            to_come[layer] -= 1
            seconds[layer] += result.execution_time
            if not to_come[layer]:
                info(f"{layer}: {models[layer]} models in {seconds[layer]:.1f} s")

    return heard
