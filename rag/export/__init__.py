"""An answer or a conversation as one file to take away, with every quotation and the pages that it stands on.

    gather    answers and their sources → what an export holds     gather.py
    words     the little Markdown of an answer → runs of words     words.py
    write     one HTML, Word, Markdown or JSON file                html.py, docx.py, markdown.py, json.py
    export    which of them, and its name                          file.py
    sheets    rows of a table as CSV or as an Excel workbook       sheets.py

Text of reports, questions and file names is data in each of them: it is escaped for its format, and never a formula, a
link that is fetched, a script or markup.
"""
