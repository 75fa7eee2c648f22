"""The tables of the catalogue.

A paper's own columns and its rows in the other tables are derived from its source records by
`merging.combine`; the source records are what was learnt, and are never thrown away. A foreign key to the
paper has no index of its own where a constraint begins with it: an import would pay for both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Self

from django.db import models

from broadsheet.papers.identifiers import Identifier

# The papers that no source ever listed, and that nobody took back.
NO_LIST_HAD = models.Q(listed=False, withdrawn=False, retracted=False)
# Those of them that are news of a month, and of no known day.
KNOWN_BY_MONTH = NO_LIST_HAD & models.Q(announced_on=None, published_precision="month")


class Paper(models.Model):
    """One paper, however many sources know it. Texts are the original ones, TeX and all.

    `day` is the day whose news the paper is: `announced_on` or else that of its publication, if it is known
    to the day. Where only its `year` or `month` is, `published_precision` says so, and `published_at` is the
    beginning of that; where `none` of it is, `published_at` is the day of announcement, so that lists have
    the paper where readers look for it. `first_dated_at` is the date by which feeds knew it first, and does
    not change; it is null where only a year or a month was known. `listed` says that a source ever had it on
    a list. `notice` is what `notice_source` says of a withdrawal or retraction.
    `changed` is the revision that changed it last.
    """

    public_id = models.CharField(max_length=255, unique=True)
    title = models.TextField()
    abstract = models.TextField(blank=True)
    abstract_source = models.CharField(max_length=32, blank=True)
    author_count = models.PositiveIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    # A column that may be null is added without writing the table anew.
    published_precision = models.CharField(max_length=5, null=True)  # noqa: DJ001
    updated_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True)
    journal_ref = models.TextField(blank=True)
    license = models.CharField(max_length=255, blank=True)
    keywords = models.JSONField(default=list)
    announced_on = models.DateField(null=True)
    day = models.DateField(null=True)
    listed = models.BooleanField(db_default=False)
    withdrawn = models.BooleanField(default=False)
    retracted = models.BooleanField(db_default=False)
    notice = models.TextField(blank=True, db_default="")
    notice_source = models.CharField(max_length=32, blank=True, db_default="")
    added_at = models.DateTimeField()
    first_dated_at = models.DateTimeField(null=True)
    revised_at = models.DateTimeField()
    changed = models.BigIntegerField(db_default=0)

    class Meta:
        indexes = [
            models.Index(fields=["changed", "public_id"], name="papers_as_they_changed"),
            # On PostgreSQL a migration made it with what has no date last: see `reading.newest_first`.
            models.Index(fields=["-published_at", "-id"], name="paper_newest_first"),
            models.Index(
                fields=["-day", "-published_at", "-id"], name="paper_no_list_had", condition=NO_LIST_HAD
            ),
            models.Index(
                fields=["-announced_on"],
                name="paper_announced_last",
                condition=NO_LIST_HAD & models.Q(announced_on__isnull=False),
            ),
            models.Index(
                fields=["-published_at", "-id"], name="paper_known_by_month", condition=KNOWN_BY_MONTH
            ),
            models.Index(fields=["day", "revised_at"], name="papers_by_day"),
        ]

    def __str__(self) -> str:
        return self.public_id


class SourceRecord(models.Model):
    """What one source said last about one paper, word for word, with the digest of its content.

    Titles of one `title_key` may be of one paper. `past_names` and `known_as` are JSON, or empty: names that
    the record brought its paper, and those of its paper in the catalogue that it came from (`naming.Held`).
    """

    source = models.CharField(max_length=32)
    key = models.CharField(max_length=255)
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="source_records")
    digest = models.BinaryField(max_length=16)
    content = models.TextField()
    title_key = models.CharField(max_length=16, db_default="")
    past_names = models.TextField(blank=True, db_default="")
    known_as = models.TextField(blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="one_record_per_source_and_key")
        ]
        indexes = [models.Index(fields=["title_key"], name="records_of_a_title")]

    def __str__(self) -> str:
        return f"{self.source}:{self.key}"


class PastText(models.Model):
    """What a source's record said before another text took its place, in version `version` (0: unknown).

    It belongs to the record, whatever paper that is part of; `digest` is that of both texts.
    """

    source = models.CharField(max_length=32)
    key = models.CharField(max_length=255)
    digest = models.BinaryField(max_length=16)
    version = models.PositiveIntegerField()
    title = models.TextField()
    abstract = models.TextField(blank=True)
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "key", "digest"], name="one_row_per_past_text_of_a_record"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.key} v{self.version}"


class NameOfPaper(models.Model):
    """What the tables of names have in common."""

    scheme = models.CharField(max_length=16)
    value = models.CharField(max_length=255)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

    @classmethod
    def of(cls, names: Iterable[Identifier]) -> Iterator[models.QuerySet[Self]]:
        """The rows of these names, one query for each scheme."""
        values: dict[str, set[str]] = defaultdict(set)
        for name in names:
            values[name.scheme].add(name.value)
        for scheme, of_scheme in sorted(values.items()):
            yield cls._default_manager.filter(scheme=scheme, value__among=of_scheme)


class PaperIdentifier(NameOfPaper):
    """A name by which the paper is found; past names stay, so that old addresses lead on."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="identifiers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "value"], name="one_paper_per_identifier")]


class ContestedName(NameOfPaper):
    """A name that records of the paper say, but that another paper has: where they are to be asked anew."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="contested_names", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "scheme", "value"], name="contested_once_by_a_paper")
        ]
        indexes = [models.Index(fields=["scheme", "value"], name="papers_that_contest_a_name")]


class Merge(models.Model):
    """Two papers became one: the row `gone` is no more, and what hung on it hangs on the row `kept`.

    Neither is a foreign key: the log outlives both. `revision` is the change that did it.
    """

    kept = models.BigIntegerField(db_index=True)
    gone = models.BigIntegerField(db_index=True)
    revision = models.BigIntegerField()
    at = models.DateTimeField()
    because = models.TextField()

    def __str__(self) -> str:
        return f"{self.gone} became part of {self.kept}"


class Verdict(models.Model):
    """Somebody's word, above every rule, that what two names stand for is one paper, or is two.

    The names are those of `naming.text_of` and `naming.text_of_record`, which no merge takes away. What was
    withdrawn stays in the log.
    """

    left = models.CharField(max_length=320, db_index=True)
    right = models.CharField(max_length=320, db_index=True)
    same = models.BooleanField()
    by = models.CharField(max_length=255)
    at = models.DateTimeField()
    because = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.left} and {self.right} are {'one' if self.same else 'two'}"


class Author(models.Model):
    """Whoever has a name, as far as it tells: a row for all spellings that differ in case and accents.

    `name` is the spelling that is shown; papers print it at least `lead` times more than any other.
    """

    slug = models.CharField(max_length=120, primary_key=True)
    name = models.CharField(max_length=255)
    lead = models.IntegerField(db_default=0)

    def __str__(self) -> str:
        return self.name


class Authorship(models.Model):
    """The author at `position` (from 1) of a paper, with the name as printed there.

    `printed_slug` is the slug of that name where a curator's word says that it is another page's, else null.
    """

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="authorships", db_index=False)
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="authorships")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    printed_slug = models.CharField(max_length=120, null=True)  # noqa: DJ001 (added without writing the table anew)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "position"], name="one_author_per_position")]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"


class AuthorAlias(models.Model):
    """A slug that an author had, and the one that it leads on to."""

    old = models.CharField(max_length=120, primary_key=True)
    slug = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.old} -> {self.slug}"


class Organization(models.Model):
    """A lab, company or university, under the short name its source gave it; `lead` as an author's."""

    slug = models.CharField(max_length=120, primary_key=True)
    name = models.CharField(max_length=255)
    lead = models.IntegerField(db_default=0)

    def __str__(self) -> str:
        return self.name


class Affiliation(models.Model):
    """The paper comes from the organization, which it calls by that name; `printed_slug` as an author's.

    Of two names of one organization, which curators said to be one, a paper may have both.
    """

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="affiliations", db_index=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="affiliations")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=255, db_default="")
    printed_slug = models.CharField(max_length=120, null=True)  # noqa: DJ001

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="one_organization_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} at {self.organization_id}"


class Attribution(models.Model):
    """A curator's word on whose a name is, above what it says by itself: rows of authors and organizations
    follow from it, and it outlives every import. What was taken back stays in the log.

    To `join`: all papers on the page `slug`, which is called `name`, are those of `page`. To `move`: the
    paper known as `named` is on `page`, and not on that of `slug`. To `show`: `page`, which is `slug` too, is
    called `name`; of several such words the last counts.
    """

    class Act(models.TextChoices):
        """What a word does."""

        JOIN = "join"
        MOVE = "move"
        SHOW = "show"

    class Kind(models.TextChoices):
        """Of whom it is."""

        AUTHOR = "author"
        ORGANIZATION = "organization"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    act = models.CharField(max_length=8, choices=Act.choices)
    slug = models.CharField(max_length=120)
    page = models.CharField(max_length=120)
    named = models.CharField(max_length=320, blank=True, default="")
    name = models.CharField(max_length=255, blank=True, default="")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug", "named"],
                name="a_name_is_attributed_once",
                condition=models.Q(withdrawn_at=None, act__in=["join", "move"]),
            )
        ]
        indexes = [
            models.Index(fields=["kind", "page"], name="what_is_attributed_to_a_page"),
            models.Index(fields=["kind", "slug"], name="where_a_name_is_attributed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug} {self.named} is {self.page}"


class PaperCategory(models.Model):
    """A category of the paper; position 1 is the primary one. Names are in `taxonomy`."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="categories", db_index=False)
    code = models.CharField(max_length=32)
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "code"], name="one_row_per_paper_and_category")
        ]
        indexes = [models.Index(fields=["code"], name="papers_of_category")]

    def __str__(self) -> str:
        return self.code


class PaperVersion(models.Model):
    """One version of the paper, as its source numbers it."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="one_row_per_version")]

    def __str__(self) -> str:
        return f"v{self.number}"


class PaperLink(models.Model):
    """An address that belongs to the paper: code, project page, PDF, page, media."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="links", db_index=False)
    kind = models.CharField(max_length=16)
    url = models.TextField()
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "position"], name="one_link_per_position")]

    def __str__(self) -> str:
        return self.url


class ExternalSignal(models.Model):
    """A number that a source counted, and when it was so. Our own votes never stand here."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="signals", db_index=False)
    source = models.CharField(max_length=32)
    name = models.CharField(max_length=32)
    value = models.BigIntegerField()
    observed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "source", "name"], name="one_value_per_signal_and_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.name} {self.value}"


class PaperListing(models.Model):
    """A source put the paper on its list of a day: the stuff editions are made of."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="listings", db_index=False)
    source = models.CharField(max_length=32)
    day = models.DateField()
    position = models.PositiveIntegerField()
    submitter_name = models.CharField(max_length=255, blank=True)
    submitter_username = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "source", "day"], name="listed_once_a_day_by_a_source")
        ]
        indexes = [models.Index(fields=["day", "position"], name="papers_of_a_day")]

    def __str__(self) -> str:
        return f"{self.day} #{self.position}"


class EditionPlace(models.Model):
    """Where a paper that was listed stands in the edition of a day, a week or a month: see `edition_places`.

    `first` is the first day of that period; `day` and `position` are those of the paper's last listing in it.
    """

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=5)
    first = models.DateField()
    counted = models.PositiveIntegerField()
    elsewhere = models.FloatField()
    talkers = models.PositiveIntegerField()
    day = models.DateField()
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "kind", "first"], name="placed_once")]
        indexes = [
            models.Index(
                fields=[
                    *("kind", "first", "-counted", "-elsewhere", "-talkers", "-day", "position", "paper"),
                ],
                name="papers_of_an_edition",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.first}: {self.paper_id}"


class PaperText(models.Model):
    """The paper's texts as they are shown, made once by the making of that `version`: see `texts.Texts`.

    `digest` is that of what they were made of. What follows from another column is empty: the
    plain `abstract` that is word for word the paper's own, and HTML that is the plain text. A paper whose
    texts are still to be made has no row here.
    """

    paper = models.OneToOneField(Paper, on_delete=models.CASCADE, primary_key=True, related_name="text")
    version = models.PositiveIntegerField(db_index=True)
    digest = models.BinaryField(max_length=16)
    title = models.TextField()
    title_html = models.TextField(blank=True)
    abstract = models.TextField(blank=True)
    abstract_html = models.TextField(blank=True)
    point = models.TextField(blank=True)
    point_start = models.PositiveIntegerField()
    point_end = models.PositiveIntegerField()
    point_html = models.TextField(blank=True)
    point_is_said = models.BooleanField()
    summary = models.TextField(blank=True)
    summary_source = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return f"texts of {self.paper_id}"


class Tally(models.Model):
    """What was counted of a paper, the day that it counts as news from, and its heats: see `tallies`.

    A paper that nothing was counted of and that was never listed may have no row. `stamp` grows with each
    change to any of what sources say. A paper that was taken back has no heat.
    """

    paper = models.OneToOneField(Paper, on_delete=models.CASCADE, primary_key=True, related_name="tally")
    votes = models.BigIntegerField(default=0)
    comments = models.BigIntegerField(default=0)
    stars = models.BigIntegerField(default=0)
    # The first day that it was listed on; of a paper that no list had, its own day.
    first_on = models.DateField(null=True)
    # What trends over a day, a week and a month are sorted by: see `heat`.
    heat_day = models.FloatField(null=True)
    heat_week = models.FloatField(null=True)
    heat_month = models.FloatField(null=True)
    stamp = models.BigIntegerField(db_index=True)
    # What people here did, kept by the room community: it moves neither the stamp nor what sources counted.
    cast_here = models.PositiveIntegerField(default=0, db_default=0)
    counted_here = models.PositiveIntegerField(default=0, db_default=0)
    by_agents = models.PositiveIntegerField(default=0, db_default=0)
    by_authors = models.PositiveIntegerField(default=0, db_default=0)
    comments_here = models.PositiveIntegerField(default=0, db_default=0)
    talkers = models.PositiveIntegerField(default=0, db_default=0)
    # Grows with each change to what is said of the paper here.
    talk_stamp = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["-heat_day", "-first_on", "paper"],
                name="hottest_over_a_day",
                condition=models.Q(heat_day__isnull=False),
            ),
            models.Index(
                fields=["-heat_week", "-first_on", "paper"],
                name="hottest_over_a_week",
                condition=models.Q(heat_week__isnull=False),
            ),
            models.Index(
                fields=["-heat_month", "-first_on", "paper"],
                name="hottest_over_a_month",
                condition=models.Q(heat_month__isnull=False),
            ),
            models.Index(fields=["first_on"], name="tallies_by_first_day"),
        ]

    def __str__(self) -> str:
        return f"tally of {self.paper_id}"


class CountedOn(models.Model):
    """What had been counted of a paper elsewhere by the end of a day on which that changed.

    Lists as of a past day are made of it: of the days up to that one, the last counts.
    """

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    votes = models.BigIntegerField(default=0)
    stars = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "day"], name="counted_once_a_day")]

    def __str__(self) -> str:
        return f"{self.votes} votes, {self.stars} stars of {self.paper_id} on {self.day}"


class Pick(models.Model):
    """That the paper, first listed on that day, was picked as undiscovered, and whether it ended in the top
    quarter of that day; null while it is in the list.
    """

    paper = models.OneToOneField(Paper, on_delete=models.CASCADE, primary_key=True, related_name="+")
    first_on = models.DateField(db_index=True)
    picked_on = models.DateField()
    ended_at_top = models.BooleanField(null=True)

    def __str__(self) -> str:
        return f"{self.paper_id} picked on {self.picked_on}"


class TextDue(models.Model):
    """The texts of the paper are still to be made; written with the change, deleted with the texts stored.

    `paper_id` is no foreign key, as that of Change.
    """

    paper_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"paper {self.paper_id}"


class Change(models.Model):
    """The change queue: a row for each change to a paper, written with it, deleted by the indexer.

    `paper_id` is no foreign key: a row outlives its paper, so that the index forgets it too.
    """

    paper_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.pk}: paper {self.paper_id}"


class Tombstone(models.Model):
    """A public id that is no more, and the revision that ended it: its paper became part of another one, or
    got a better name. That paper is found by it still.
    """

    public_id = models.CharField(max_length=255, unique=True)
    changed = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["changed", "public_id"], name="tombstones_as_they_changed")]

    def __str__(self) -> str:
        return self.public_id


class Measure(models.Model):
    """A count that takes long in a large catalogue, as the worker made it at `at`; `value` is JSON."""

    name = models.CharField(max_length=32, primary_key=True)
    value = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Revision(models.Model):
    """One row that counts the changes of the whole catalogue: what is cached is keyed on it."""

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
