"""What the browser shows, as HTML made on the server, and the style and script that it needs.

    marks        the text of an answer, with marks that lead to the evidence
    turn         a question and its answer, while it comes and when it is there
    library      the reports: the list at the side, the table, the welcome
    views        a timeline with its picture (picture.py, drawn by chart.py), a comparison as a grid; profile.py, a
                 report's profile
    talk         asking in a conversation that is kept, and showing it again
    view_routes  the routes of all these; making.py, timelines and comparisons under way
    assets       style and script, from the files under static/

Every word of a report, a file name or a user passes through `rag.render.escape`.
"""
