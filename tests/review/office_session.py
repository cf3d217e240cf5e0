"""Run by the Python that LibreOffice's bindings belong to: opens documents, settles their changes, counts, stores.

Reads jobs as JSON from stdin ({source, target, action, filter}), writes for each what the document held when opened.
"""

import json
import subprocess
import sys
import threading
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def connect(profile: str) -> tuple[Any, Any]:
    pipe = "citeaudit" + str(abs(hash(profile)))
    accept = f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext"
    options = ["--headless", "--norestore", "--nologo", "--nodefault"]
    office = subprocess.Popen(["soffice", f"-env:UserInstallation=file://{profile}", *options, accept])
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    pause = threading.Event()
    for _ in range(600):
        try:
            return office, resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            pause.wait(0.2)  # until the office has opened its pipe
    raise SystemExit("LibreOffice did not start")


def settings(**values: object) -> tuple[Any, ...]:
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def items(collection: Any) -> list[Any]:
    found, listing = [], collection.createEnumeration()
    while listing.hasMoreElements():
        found.append(listing.nextElement())
    return found


def perform(context: Any, desktop: Any, job: dict[str, str]) -> dict[str, Any]:
    manager = context.ServiceManager
    document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(job["source"]), "_blank", 0, settings(Hidden=True))
    comments = [
        [field.Author, field.Content]
        for field in items(document.TextFields)
        if field.supportsService("com.sun.star.text.textfield.Annotation")
    ]
    counts = {
        "footnotes": document.Footnotes.Count,
        "endnotes": document.Endnotes.Count,
        "changes": [change.RedlineAuthor for change in items(document.Redlines)],
        "comments": comments,
    }
    if job.get("action"):
        dispatcher = manager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
        dispatcher.executeDispatch(document.CurrentController.Frame, ".uno:" + job["action"], "", 0, ())
    notes = [document.Footnotes.getByIndex(i).String for i in range(document.Footnotes.Count)]
    counts["texts"] = [document.Text.String, *notes]
    if job.get("target"):
        document.storeToURL(uno.systemPathToFileUrl(job["target"]), settings(FilterName=job["filter"]))
    document.close(True)
    return counts


def main() -> None:
    office, context = connect(sys.argv[1])
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    try:
        print(json.dumps([perform(context, desktop, job) for job in json.load(sys.stdin)]))
    finally:
        desktop.terminate()
        office.wait(60)


main()
