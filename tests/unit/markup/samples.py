"""Markdown as models really write it."""

from __future__ import annotations

SAMPLES: dict[str, str] = {
    "list after a line": "Here are the steps:\n- first\n- second\n\nDone.\n",
    "numbers after a line": "Do this:\n1. first\n2. second\n",
    "nested by two": "- outer\n  - inner\n    - innermost\n- outer again\n",
    "nested by three": "1. outer\n   - inner\n   - inner again\n2. outer again\n",
    "nested by four": "- outer\n    - inner\n- outer again\n",
    "loose list": "1. One.\n\n2. Two.\n\n   More of two.\n\n3. Three.\n\nAfter.\n",
    "lazy numbers": "1. a\n1. b\n1. c\n",
    "starts at seven": "7. seven\n8. eight\n",
    "code in a list": "1. Install:\n   ```bash\n   pip install x\n   ```\n2. Run it.\n",
    "unclosed fence": "Look:\n\n```python\ndef f():\n    return 1\n",
    "four backticks": "````markdown\nUse a fence:\n```python\nx = 1\n```\n````\nAfter.\n",
    "tildes": "~~~\nplain ``` inside\n~~~\n",
    "fence right after text": "Text\n```js\nlet a = 1;\n```\nmore\n",
    "table": "| a | b |\n|---|--:|\n| 1 | 2 |\n| `x\\|y` | **z** |\n\nAfter.\n",
    "table without outer bars": "a | b\n--- | ---\n1 | 2\n3 | 4\n\nAfter.\n",
    "table after a line": "Compare:\n| a | b |\n|---|---|\n| 1<br>2 | 3 |\n",
    "strike": "This is ~~wrong~~ right.\n",
    "tasks": "- [ ] open\n- [x] done\n- [X] done too\n",
    "html in text": "Use <div class='x'> and <script>alert(1)</script>, then 1 < 2 && 3 > 2.\n",
    "emphasis next to punctuation": '**Note:** yes. (**bold**), *it*\'s **"quoted"**. 2*3*4 snake_case_name __init__\n',
    "emphasis next to CJK": "これは**太字**です。**「引用」**のテスト。\n",
    "quote": "> first\n> second\n>\n> - item\n\nAfter.\n",
    "lazy quote": "> first\nlazy\n\nAfter.\n",
    "rules": "One\n\n---\n\nTwo\n***\nThree\n",
    "rule right below text": "Summary\n---\nText\n",
    "headings": "# One\n## Two\nText\n### Three ###\n",
    "hard breaks": "Roses are red,\nviolets are blue,  \nsugar is sweet\\\nand so are you.\n",
    "bare link": "See https://example.org/a_(b)?c=d. Or <https://example.org/x>, mail <me@example.org>.\n",
    "reference link": "See [the docs][1].\n\n[1]: https://example.org/docs\n",
    "image": "![A cat](https://example.org/cat.png) and ![local](/etc/passwd)\n",
    "indented code": "Text:\n\n    indented\n      more\n\nAfter.\n",
    "windows lines": "# One\r\n\r\n- a\r\n- b\r\n\r\nText\r\n",
    "mathematics": "Euler: $e^{i\\pi} + 1 = 0$ and \\(a_1 * b_1\\).\n",
    "formulas on lines": "So:\n$$\n\\begin{aligned}\na &= b \\\\\n- &= c\n\\end{aligned}\n$$\nand\n\\[ x \\]\n\nAfter.\n",
    "formula in a list": "1. First:\n   \\[\n   x = 1\n   \\]\n2. $y$ and $$z$$ cost $5 and $6.\n",
    "formula that never ends": "Pay $$ now\n$$\n- a\n- b\n\nAfter $$.\n",
    "formula in a quote": "> $$\n> x\n> $$\nlazy\n",
    "list then fence": "- a\n- b\n```\ncode\n```\n",
    "list, blank, text": "- a\n- b\n\nNow text\nand more\n\n* other\n* list\n",
}

ANSWER = """# Retry with back-off

Short version: **wait longer** after each failure.

## Steps
1. Try.
2. On failure:
   - wait `2**n` seconds
   - add *jitter*
3. Give up after five tries.

```python
import random, time


def retry(work, tries=5):
    for n in range(tries):
        try:
            return work()
        except OSError:
            time.sleep(2**n + random.random())
    raise TimeoutError
```

| try | wait |
|----:|-----:|
| 1 | 1 s |
| 2 | 2 s |

> Do not retry what cannot work: a 404 stays a 404.

See [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110).
"""
