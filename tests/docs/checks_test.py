"""Each check finds what it is there for: a page that is broken in one way, and the sentence about it."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import checks  # noqa: E402
import emulator  # noqa: E402
import examples  # noqa: E402
import generate  # noqa: E402
from pages import Site  # noqa: E402

GLOSSARY = """# Glossary

| English | 中文 | what it is | not used |
|---|---|---|---|
| request log | 请求日志 | the calls | call history |
| renewal | 续费 | pays | |
"""
GOOD = {
    "README.md": "# Emulator\n\n[A renewal](docs/tutorial.md#the-first-renewal) with `--port`.\n",
    "README.zh-CN.md": "# 模拟器\n\n[续费](docs/zh-CN/tutorial.md#第一次续费)，用 `--port`。\n",
    "docs/glossary.md": GLOSSARY,
    "docs/tutorial.md": "# Tutorial\n\n## The first renewal\n\n<!-- example: first -->\n```sh\necho one # say it\n```\n\n```text\none\n```\n",
    "docs/zh-CN/tutorial.md": "# 教程\n\n## 第一次续费\n\n<!-- example: first -->\n```sh\necho one # 说\n```\n\n```text\none\n```\n",
    "llms.txt": "# Facts\n",
}
MANUAL = "| `--port PORT` | variable CVM_EMULATOR_PORT |\n\n## clock\n\n| `clock advance` | `--dry-run` |\n"


class Broken(unittest.TestCase):
    def site(self, **changed):
        """A good site with other texts for some pages; None: without the page."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for name, text in {**GOOD, **changed.get("pages", {})}.items():
            path = pathlib.Path(folder.name, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is not None:
                path.write_text(text, encoding="utf-8")
        return Site(folder.name)

    def changed(self, name, before, after):
        self.assertIn(before, GOOD[name])
        return self.site(pages={name: GOOD[name].replace(before, after)})

    def said(self, check, site, *more):
        return [f"{page}: {sentence}" for page, sentence in check(site, *more)]

    def assert_says(self, text, check, site, *more):
        said = self.said(check, site, *more)
        self.assertEqual(len(said), 1, said)
        self.assertIn(text, said[0])

    def test_a_good_site_passes(self):
        for check in checks.CHECKS:
            self.assertEqual(self.said(check, self.site()), [], check.__name__)
        self.assertEqual(self.said(checks.program_words, self.site(), MANUAL), [])

    def test_a_link_to_no_page(self):
        self.assert_says("docs/tutorials.md#the-first-renewal leads nowhere", checks.links, self.changed("README.md", "docs/tutorial.md", "docs/tutorials.md"))

    def test_a_link_to_no_heading(self):
        self.assert_says("names no heading", checks.links, self.changed("README.md", "#the-first-renewal", "#the-second-renewal"))

    def test_a_picture_that_is_not_there(self):
        self.assert_says("console.png leads nowhere", checks.links, self.changed("README.md", "# Emulator\n", '# Emulator\n\n<img alt="x" src="console.png">\n'))

    def test_a_link_in_code_is_none(self):
        self.assertEqual(self.said(checks.links, self.changed("README.md", "`--port`", "`[x](nowhere.md)`")), [])

    def test_a_page_that_is_too_long(self):
        self.assert_says("has 153 lines, more than 150", checks.lengths, self.changed("README.md", "# Emulator\n", "# Emulator\n" + "\n" * 150))

    def test_too_many_facts(self):
        self.assert_says("llms.txt: has 61 lines", checks.lengths, self.site(pages={"llms.txt": "fact\n" * 61}))

    def test_a_page_in_one_language(self):
        self.assert_says("docs/tutorial.md: there is no docs/zh-CN/tutorial.md", checks.both_languages, self.site(pages={"docs/zh-CN/tutorial.md": None}))
        self.assert_says("there is no docs/tutorial.md", checks.both_languages, self.site(pages={"docs/tutorial.md": None}))

    def test_a_chinese_page_that_lacks_a_section(self):
        self.assert_says("they part at “The first renewal”", checks.headings, self.changed("docs/zh-CN/tutorial.md", "## 第一次续费\n", ""))

    def test_headings_in_another_order(self):
        self.assert_says("has not the headings", checks.headings, self.changed("docs/zh-CN/tutorial.md", "## 第", "### 第"))

    def test_another_block_of_code(self):
        self.assert_says("block 1 is not that of docs/tutorial.md", checks.blocks, self.changed("docs/zh-CN/tutorial.md", "echo one", "echo two"))
        self.assert_says("has 1 blocks", checks.blocks, self.changed("docs/zh-CN/tutorial.md", "```text\none\n```\n", ""))
        self.assert_says("is marked", checks.blocks, self.changed("docs/zh-CN/tutorial.md", "example: first", "example: second"))

    def test_a_flag_in_one_language(self):
        site = self.changed("README.zh-CN.md", "`--port`", "`--ports`")
        self.assertEqual(self.said(checks.names, site), ["README.zh-CN.md: does not name `--port`, as README.md does", "README.zh-CN.md: names `--ports`, which README.md does not"])

    def test_a_block_that_nothing_runs(self):
        self.assert_says("nothing runs this block of sh", checks.runnable, self.changed("docs/tutorial.md", "<!-- example: first -->\n", ""))
        self.assert_says("nothing runs", checks.runnable, self.changed("docs/tutorial.md", "example: first", "not run:"))

    def test_an_example_that_no_test_runs(self):
        self.assert_says("no test runs the example first", checks.examples, self.changed("docs/tutorial.md", "```sh", "```js"))

    def test_two_examples_of_one_name(self):
        self.assert_says("is in README.md, too", checks.examples, self.changed("README.md", "# Emulator\n", "# Emulator\n\n<!-- example: first -->\n```sh\ntrue\n```\n"))

    def test_a_snippet_that_is_not_its_source(self):
        self.assert_says("is not as in", checks.copied, self.changed("README.md", "# Emulator\n", "# Emulator\n\n<!-- snippet tests/clients/shell/lost_answer.sh see -->\n```sh\ntrue\n```\n"))

    def test_a_flag_that_is_gone(self):
        manual = MANUAL.replace("--port", "--listen")
        said = self.said(checks.program_words, self.site(), manual)
        self.assertEqual(said, ["README.md: `--port` is no flag", "README.zh-CN.md: `--port` is no flag"])

    def test_a_variable_or_command_that_is_gone(self):
        self.assert_says("`CVM_EMULATOR_PRT` is no variable", checks.program_words, self.changed("README.md", "`--port`", "`CVM_EMULATOR_PRT`"), MANUAL)
        self.assert_says("`clok` is no command", checks.program_words, self.changed("README.md", "`--port`", "`cvm-renewal-emulator clok`"), MANUAL)
        self.assert_says("`--dry` is no flag of", checks.program_words, self.changed("docs/tutorial.md", "echo one", "cvm-renewal-emulator clock advance P1M --dry"), MANUAL)

    def test_an_action_or_path_that_is_gone(self):
        self.assert_says("`RenewInstancs` is no action", checks.catalogued, self.changed("README.md", "`--port`", "`sign RenewInstancs`"))
        self.assert_says("`/_emulator/clok` is no path", checks.catalogued, self.changed("README.md", "`--port`", "`GET /_emulator/clok?account=`"))

    def test_a_word_that_the_glossary_rules_out(self):
        self.assert_says("uses “call history”", checks.avoided, self.changed("README.md", "A renewal", "A call history"))
        self.assertEqual(self.said(checks.avoided, self.changed("README.md", "`--port`", "`call history`")), [])

    def test_a_heading_without_its_term(self):
        self.assert_says("has not “续费”", checks.terms, self.changed("docs/zh-CN/tutorial.md", "第一次续费", "第一次付款"))


class Examples(unittest.TestCase):
    def failures(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "docs/page.md")
            path.parent.mkdir()
            path.write_text(text, encoding="utf-8")
            return list(examples.failures(Site(folder).pages["docs/page.md"]))

    def test_what_is_shown_is_printed(self):
        page = "<!-- example: a -->\n```sh\nx=1\ncvm-renewal-emulator health\"\"check\n```\n\n```text\n…ok…\n```\n\n<!-- example: b -->\n```sh\necho $x; echo 2; echo 3\n```\n\n```text\n1\n…\n```\n"
        self.assertEqual(self.failures(page.replace("…ok…", "…")), [])

    def test_another_output(self):
        found = self.failures("<!-- example: a -->\n```sh\necho two\n```\n\n```text\none\n```\n")
        self.assertEqual(found, ["the example a prints something else than is shown:\ntwo"])

    def test_an_example_that_fails(self):
        found = self.failures("<!-- example: a -->\n```sh\necho one; no_such_command\n```\n")
        self.assertEqual(len(found), 1)
        self.assertIn("the example a fails: ", found[0])
        self.assertIn("no_such_command", found[0])

    def test_an_unknown_flag(self):
        found = self.failures("<!-- example: a -->\n```sh\ncvm-renewal-emulator clock advance P1M --dry\n```\n")
        self.assertIn("unknown flag --dry", found[0])

    def test_dots_stand_for_what_varies(self):
        self.assertTrue(examples.as_shown("a\n…\nd", "a\nb\nc\nd"))
        self.assertTrue(examples.as_shown("a\n…\nd", "a\nd"))
        self.assertTrue(examples.as_shown("a … c", "a b c"))
        self.assertTrue(examples.as_shown("2026-12-02T07:04:35Z  1", "2027-01-01T00:00:00Z 1"))
        self.assertFalse(examples.as_shown("a\n…", "b\na"))
        self.assertFalse(examples.as_shown("a … c", "a b d"))
        self.assertFalse(examples.as_shown("76.50", "76.51"))


class Generated(unittest.TestCase):
    def test_only_what_is_between_the_marks_changes(self):
        text = "# Page\n" + generate.BEGIN + "old\n" + generate.END + "more\n"
        self.assertEqual(generate.with_marks(text, "new\n"), "# Page\n" + generate.BEGIN + "\nnew\n\n" + generate.END + "more\n")

    def test_a_page_without_marks(self):
        with self.assertRaises(LookupError):
            generate.with_marks("# Page\n", "new\n")

    def test_a_cell_with_a_bar_or_stars(self):
        self.assertEqual(generate.cell("a|b\n told as ***"), "a\\|b told as `***`")

    def test_a_schema_that_refers(self):
        schemas = generate.Schema({"definitions": {"time": {"type": "string", "description": "When."}}})
        schema = {"properties": {"At": {"$ref": "#/definitions/time"}, "N": {"type": "integer", "minimum": 1, "maximum": 9000}}, "required": ["N"]}
        self.assertEqual(list(schemas.rows(schema)), [("`At`", "string", "When"), ("`N`", "integer", "1 to 9,000; required")])


if __name__ == "__main__":
    unittest.main()
