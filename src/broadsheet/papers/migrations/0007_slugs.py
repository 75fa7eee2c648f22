import hashlib
import re
import unicodedata
from collections import Counter, defaultdict

from django.db import migrations, transaction
from django.db.models import Count, Exists, F, OuterRef

from broadsheet.papers.names import are_plain, chosen, name_slug, told_apart

ROWS = 5000
NO_WORD = re.compile(r"[\W_]+")


def old_slug(name):
    """The slug of a name as releases before this one made it."""
    plain = unicodedata.normalize("NFKD", name.replace("'", "")).casefold()
    latin = plain.encode("ascii", "ignore").decode()
    slug = NO_WORD.sub("-", latin).strip("-") or NO_WORD.sub("-", plain).strip("-")
    return slug[:120] or hashlib.blake2b(name.encode(), digest_size=8).hexdigest()


def tidy(apps, schema_editor):
    """Give authors their slugs of today, and what is no name to nobody.

    Each step may be broken off at any time, and does what is left when it is run again.
    """
    for paper in papers_with_odd_names(apps):
        with transaction.atomic():
            name_apart(apps, paper)
    remember(apps, move(apps))
    fill_affiliations(apps)
    for who, where, by in (("Author", "Authorship", "author"), ("Organization", "Affiliation", "organization")):
        settle(apps.get_model("papers", who), apps.get_model("papers", where), by)
    # What is kept of pages has the old addresses.
    apps.get_model("papers", "Revision").objects.update(number=F("number") + 1)


def authorships(apps):
    """Key, slug and printed name of all authorships, a batch at a time."""
    model, last = apps.get_model("papers", "Authorship"), 0
    while rows := list(model.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "author_id", "name")[:ROWS]):
        yield rows
        last = rows[-1][0]


def papers_with_odd_names(apps):
    model = apps.get_model("papers", "Authorship")
    odd = [
        pk
        for rows in authorships(apps)
        for pk, _, name in rows
        if not are_plain([name]) and told_apart(name) != (name,)
    ]
    for start in range(0, len(odd), 500):
        yield from sorted(set(model.objects.filter(pk__in=odd[start : start + 500]).values_list("paper_id", flat=True)))


def name_apart(apps, paper):
    """Write the authorships of a paper anew: without "et al.", with groups apart from people."""
    model = apps.get_model("papers", "Authorship")
    printed = list(model.objects.filter(paper=paper).order_by("position").values_list("name", flat=True))
    names = [one for name in printed for one in told_apart(name)]
    slugs = [name_slug(name) for name in names]
    add_authors(apps, dict(zip(slugs, names)))
    model.objects.filter(paper=paper).delete()
    model.objects.bulk_create(
        model(paper_id=paper, position=position, author_id=slug, name=name)
        for position, (slug, name) in enumerate(zip(slugs, names), start=1)
    )
    papers = apps.get_model("papers", "Paper").objects.filter(pk=paper, author_count=len(printed))
    papers.update(author_count=len(names) or None)
    apps.get_model("papers", "Change").objects.create(paper_id=paper)


def add_authors(apps, names):
    model = apps.get_model("papers", "Author")
    model.objects.bulk_create((model(slug=slug, name=name) for slug, name in names.items()), ignore_conflicts=True)


def move(apps):
    """Move authorships to the slugs of today; for each old slug, how many went to which."""
    model, went = apps.get_model("papers", "Authorship"), defaultdict(Counter)
    for rows in authorships(apps):
        moved, names = defaultdict(list), {}
        for pk, slug, name in rows:
            if name.isascii() and len(name) <= 120:
                continue
            new, old = name_slug(name), old_slug(name)
            if new != old:
                went[old][new] += 1
            if new != slug:
                names[new] = name
                moved[new].append(pk)
        with transaction.atomic():
            add_authors(apps, names)
            for slug, pks in moved.items():
                model.objects.filter(pk__in=pks).update(author=slug)
    return went


def remember(apps, went):
    """The old slugs that nobody has any more lead on to the slug that most of their papers went to."""
    model, aliases = apps.get_model("papers", "Authorship"), apps.get_model("papers", "AuthorAlias")
    made = []
    for old, slugs in went.items():
        if not model.objects.filter(author=old).exists():
            made.append(aliases(old=old, slug=min(slugs, key=lambda slug: (-slugs[slug], slug))))
    aliases.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)


def fill_affiliations(apps):
    """An affiliation says how its paper calls the organization: until now all of them as it is shown."""
    for slug, name in apps.get_model("papers", "Organization").objects.values_list("slug", "name"):
        apps.get_model("papers", "Affiliation").objects.filter(organization=slug, name="").update(name=name)


def settle(who, where, by):
    """Show the spelling that the rule says, and let those go whom no paper names."""
    last = ""
    while known := dict(who.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "name")[:ROWS]):
        first, last = next(iter(known)), next(reversed(known))  # as the database orders them
        spellings = defaultdict(dict)
        counted = where.objects.filter(**{f"{by}__gte": first, f"{by}__lte": last})
        for slug, name, count in counted.values_list(f"{by}_id", "name").annotate(Count("pk")):
            spellings[slug][name] = count
        # A lead of 0 says nothing, and will do for whoever has one spelling.
        wrong = [
            who(slug=slug, name=name, lead=lead)
            for slug, counts in spellings.items()
            for name, lead in [chosen(counts)]
            if slug in known and (len(counts) > 1 or name != known[slug])
        ]
        with transaction.atomic():
            unnamed = ~Exists(where.objects.filter(**{by: OuterRef("pk")}))
            who.objects.filter(unnamed, pk__gte=first, pk__lte=last).delete()
            who.objects.bulk_update(wrong, ["name", "lead"], batch_size=200)


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('papers', '0006_names'),
    ]

    operations = [migrations.RunPython(tidy, migrations.RunPython.noop)]
