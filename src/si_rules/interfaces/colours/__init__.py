"""Colours for policy text: what each piece of a line is, for Pygments and for editors that read TextMate grammars.

The words come from `grammar/terminals.lark`, where each section begins with a comment; a word added there has its
colour by the section it stands in. Colours are simpler than the parser: a name that is also a word of the language may
be coloured as the word.
"""
