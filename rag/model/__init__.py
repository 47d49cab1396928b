"""Let a language model write, and never trust it.

    connect      a chat model from the settings             connect.py (init_chat_model), limits.py
    call         the one place where a model is called      call.py; failures.py, breaker.py; usage.py counts
    prompts      every word that a model is told            prompts.py
    understand   a follow-up made standalone, and checked   follow_up.py
    fit          which passages, within the context         passages.py; fence.py and orders.py make them data
    read         a reply, well-formed or not                reply.py
    verify       each statement against its quotation       quotations.py, then rag/bear_out.py
    accept       the statements against the plain answer    accept.py
    write        the checked answer                         answer.py
    chain        these steps as LangChain runnables         chain.py
    probe        what works with a model                    probe.py, commands.py

Only `connect`, `call` and `chain` load LangChain, and only where a model is configured.
"""
