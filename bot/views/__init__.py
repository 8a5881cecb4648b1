"""Words and blocks: values in, Block Kit out, and the reader of each form beside its writer.

Everything a person typed stands in plain text or rich text elements, which Slack shows as they
are. Markdown text objects hold our own words only, so nothing typed can become a ping or a link.
"""
