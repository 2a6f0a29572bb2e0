"""Write coach/library/e5.onnx: what onnxruntime computes for the bundled model, without its weights.

    python -m evals.encoder_graph

Only needed for another model; the weights are given to it when it is opened. Needs the package onnx.
"""

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from coach.library.e5 import GRAPH, HIDDEN, VECTOR, WIDTH, name_scales
from coach.library.e5_file import BLOCK
from evals.encoder_torch import EPSILON, HEADS, LAYERS

# Of the format; those that onnxruntime has read for years.
_OPSET, _IR = 20, 9


def main() -> int:
    """Write the graph."""
    GRAPH.write_bytes(build_graph())
    sys.stdout.write(f"{GRAPH}\n")
    return 0


def build_graph() -> bytes:
    """Return the graph; the same bytes every time."""
    builder = _Builder()
    last = builder.norm(HIDDEN, "emb.ln")
    for number in range(LAYERS):
        last = builder.layer(last, f"l{number}")
    builder.node("ReduceMean", [last, builder.constant("tokens_axis", [0])], VECTOR, keepdims=0)
    ends = [
        helper.make_tensor_value_info(HIDDEN, TensorProto.FLOAT, ["tokens", WIDTH]),
        helper.make_tensor_value_info(VECTOR, TensorProto.FLOAT, [WIDTH]),
    ]
    graph = helper.make_graph(builder.nodes, "encoder", ends[:1], ends[1:], builder.tensors)
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("com.microsoft", 1)]
    written: bytes = helper.make_model(graph, opset_imports=opsets, ir_version=_IR).SerializeToString(
        deterministic=True
    )
    return written


class _Builder:
    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: list[onnx.TensorProto] = []
        self._heads = self.constant("heads", [-1, HEADS, WIDTH // HEADS])
        self._flat = self.constant("flat", [-1, WIDTH])
        self._scale = self.constant("scale", (WIDTH // HEADS) ** -0.5)

    def constant(self, name: str, value: Sequence[int] | float) -> str:
        kind = np.float32 if isinstance(value, float) else np.int64
        self.tensors.append(numpy_helper.from_array(np.array(value, dtype=kind), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:  # noqa: ANN401 - whatever onnx takes
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def layer(self, last: str, name: str) -> str:
        query, key, value = (
            self.node("Transpose", [self._split(last, f"{name}.{part}")], f"{name}.{part}.heads", perm=perm)
            for part, perm in (("q", [1, 0, 2]), ("k", [1, 2, 0]), ("v", [1, 0, 2]))
        )
        near = self.node("MatMul", [query, key], f"{name}.near")
        scaled = self.node("Mul", [near, self._scale], f"{name}.scaled")
        shares = self.node("Softmax", [scaled], f"{name}.shares", axis=-1)
        seen = self.node("MatMul", [shares, value], f"{name}.seen")
        joined = self.node("Transpose", [seen], f"{name}.joined", perm=[1, 0, 2])
        flat = self.node("Reshape", [joined, self._flat], f"{name}.flat")
        attended = self.node("Add", [last, self._linear(flat, f"{name}.ao", WIDTH, WIDTH)], f"{name}.attended")
        last = self.norm(attended, f"{name}.aln")
        inner = self.node("Gelu", [self._linear(last, f"{name}.fi", WIDTH, 4 * WIDTH)], f"{name}.inner")
        added = self.node("Add", [last, self._linear(inner, f"{name}.fo", 4 * WIDTH, WIDTH)], f"{name}.added")
        return self.norm(added, f"{name}.oln")

    def norm(self, last: str, name: str) -> str:
        weights = [self._weights(f"{name}.{part}", TensorProto.FLOAT, [WIDTH]) for part in "wb"]
        return self.node("LayerNormalization", [last, *weights], f"{name}.out", axis=-1, epsilon=EPSILON)

    def _split(self, last: str, name: str) -> str:
        return self.node("Reshape", [self._linear(last, name, WIDTH, WIDTH), self._heads], f"{name}.split")

    def _linear(self, last: str, name: str, inside: int, outside: int) -> str:
        blocks = inside // BLOCK
        numbers = self._weights(f"{name}.w", TensorProto.UINT8, [outside, blocks, BLOCK // 2])
        scales = self._weights(name_scales(f"{name}.w"), TensorProto.FLOAT, [outside * blocks])
        bias = self._weights(f"{name}.b", TensorProto.FLOAT, [outside])
        sizes = {"K": inside, "N": outside, "bits": 4, "block_size": BLOCK}
        inputs = [last, numbers, scales, "", "", bias]
        return self.node("MatMulNBits", inputs, f"{name}.out", domain="com.microsoft", **sizes)

    def _weights(self, name: str, kind: int, shape: Sequence[int]) -> str:
        tensor = onnx.TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value="given")
        self.tensors.append(tensor)
        return name


if __name__ == "__main__":
    sys.exit(main())
