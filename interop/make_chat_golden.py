"""Makes test/golden/chat.json: conversations as transformers writes them into prompts.

    python interop/make_chat_golden.py

The templates are written here, in the manner of those that come with Qwen2.5-VL and others: one that
counts images in a namespace, one that trims, one that refuses, one that knows tools.
"""

import json
from pathlib import Path

import transformers
from transformers.utils.chat_template_utils import render_jinja_template

GOLDEN = Path(__file__).parent.parent / "test" / "golden"
TEMPLATES = {
    "counting": (
        "{% set seen = namespace(images=0) %}{% for message in messages %}"
        "{% if loop.first and message['role'] != 'system' %}<|im_start|>system\nBe helpful.<|im_end|>\n{% endif %}"
        "<|im_start|>{{ message['role'] }}\n"
        "{% if message['content'] is string %}{{ message['content'] }}<|im_end|>\n"
        "{% else %}{% for part in message['content'] %}"
        "{% if part['type'] == 'image' or 'image' in part or 'image_url' in part %}"
        "{% set seen.images = seen.images + 1 %}"
        "{% if numbered %}Picture {{ seen.images }}: {% endif %}<|vision_start|><|image_pad|><|vision_end|>"
        "{% elif 'text' in part %}{{ part['text'] }}{% endif %}{% endfor %}<|im_end|>\n"
        "{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    ),
    "trimming": """\
{%- for message in messages %}
    {%- if message.role == "system" %}
        {{- "[" + message.content | trim | upper + "]\\n" }}
    {%- elif message.content is string %}
        {{- message.role ~ ": " ~ message.content.strip() }}
    {% else %}
        {% for part in message.content if part.type == "text" %}
  {{ loop.index }}/{{ loop.length }} {{ part.text | length }}
        {% endfor %}
    {%- endif %}
{%- endfor %}
{% if add_generation_prompt %}
> {%- endif %}
""",
    "strict": (
        "{% for message in messages %}"
        "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
        "{{ raise_exception('roles must alternate') }}{% endif %}"
        "{{ message['role'] | title }}: {{ message['content'] | tojson }}\n{% endfor %}"
    ),
    "optional": (
        "{% if tools is defined and tools %}tools{% endif %}{% if undefined_thing %}x{% endif %}"
        "{% set first = messages[0] %}{{ first.role }}|{{ messages | length }}|{{ messages[-1]['role'] }}|"
        "{{ messages[1:] | map(attribute='role') | join(',') }}"
    ),
}
IMAGE = {"type": "image"}


def text(value: str) -> dict:
    return {"type": "text", "text": value}


CONVERSATIONS = [
    [{"role": "user", "content": "Where is this?"}],
    [{"role": "user", "content": [IMAGE, text("Where is this?")]}],
    [{"role": "user", "content": [text("Compare "), IMAGE, text(" with "), IMAGE, text(".")]}],
    [{"role": "system", "content": "  You know the Earth.  "}, {"role": "user", "content": [IMAGE, text("Where? ")]}],
    [
        {"role": "user", "content": [IMAGE, text("Which country?")]},
        {"role": "assistant", "content": "Norway"},
        {"role": "user", "content": " And the city?\n"},
    ],
    [{"role": "user", "content": "Tromsø \"69°\" <b> & 🏔\t"}],
]


def render(template: str, messages: list[dict], prompt: bool) -> str | None:
    try:
        rendered, _ = render_jinja_template(
            conversations=[messages], chat_template=template, add_generation_prompt=prompt
        )
    except Exception:  # what is wrong with it is the template's own affair
        return None
    return rendered[0]


def main() -> None:
    cases = [
        {"template": name, "messages": messages, "prompt": prompt, "text": render(template, messages, prompt)}
        for name, template in TEMPLATES.items()
        for messages in CONVERSATIONS
        for prompt in (True, False)
    ]
    golden = {
        "madeBy": "interop/make_chat_golden.py",
        "transformers": transformers.__version__,
        "templates": TEMPLATES,
        "cases": cases,
    }
    path = GOLDEN / "chat.json"
    path.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    refused = sum(case["text"] is None for case in cases)
    print(f"{path.name}: {path.stat().st_size} bytes, {len(cases)} cases, {refused} refused")


if __name__ == "__main__":
    main()
