"""The library as a LangChain retriever; a file of its own, since LangChain takes half a second to import."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from coach.library.retrieve import Hit


class LibraryRetriever(BaseRetriever):
    """The library as a LangChain retriever: k documents a query, with what is needed to cite each."""

    library: Any
    k: int = 5

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [_to_document(hit) for hit in self.library.search(query, k=self.k)]


def _to_document(hit: Hit) -> Document:
    described = {name: value for name, value in vars(hit.passage).items() if name != "text"}
    return Document(page_content=hit.passage.text, metadata={**described, "rank": hit.rank, "score": hit.score})
