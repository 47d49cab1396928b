"""What the browser shows, as HTML made on the server, and the style and script that it needs.

    marks        the text of an answer, with marks that lead to the evidence
    turn         a question and its answer, while it comes and when it is there
    library      the reports: the list at the side, the table, the welcome
    views        a timeline as a picture, a comparison as a grid, a report's profile
    assets       style and script, from the files under static/

Every word of a report, a file name or a user passes through `rag.render.escape`.
"""
