"""Pages of PDF reports as pictures, and the boxes that cover a quotation on them.

    read      a page of the library's copy → its characters in reading order, or a picture     read.py
    child     the two above in a process of their own, with limits on memory, time and pixels   child.py
    align     the canonical text of a page and its characters → which character is which        align.py
    boxes     a stretch of canonical text → boxes on each of its pages                          boxes.py
    store     what was drawn and read, kept for the next one who asks                           store.py

Nothing here is stored in the library: the boxes are worked out when they are asked for, by the code that read the page
when the report was indexed, so that both have the same lines, tables and order.
"""
