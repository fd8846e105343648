package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What holds for every page. */
class PagesTest {
    private static final int MAX_README_LINES = 130;
    private static final int MAX_SOURCE_LINKS = 15;
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern WORDS = Pattern.compile(
        "\\b(told|owed|anew|besides|so many|nobody|whoever|whatever|fold|folds|folded|folding)\\b",
        Pattern.CASE_INSENSITIVE);
    private static final String CODE_BLOCK = "(?s)```.*?```";

    @Test
    void shouldResolveEveryLink() {
        final List<String> broken = new ArrayList<>();
        for (final Path page : Pages.all()) {
            for (final String target : links(page)) {
                final String[] parts = target.split("#", 2);
                final Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
                if (!Files.exists(file)) {
                    broken.add(page + " links to " + target + ", which does not exist");
                } else if (parts.length > 1 && !anchors(file).contains(parts[1])) {
                    broken.add(page + " links to " + target + ", which has no such heading");
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void shouldReachEveryPageFromTheReadme() {
        final List<Path> reached = new ArrayList<>(List.of(Pages.path("README.md").normalize()));
        for (int i = 0; i < reached.size(); i++) {
            for (final String target : links(reached.get(i))) {
                final Path file = reached.get(i).resolveSibling(target.split("#", 2)[0]).normalize();
                if (file.toString().endsWith(".md") && !reached.contains(file)) {
                    reached.add(file);
                }
            }
        }
        assertThat(reached).containsAll(Pages.all().stream().map(Path::normalize).toList());
    }

    @Test
    void shouldKeepTheReadmeShort() {
        assertThat(Pages.text("README.md").lines()).hasSizeLessThanOrEqualTo(MAX_README_LINES);
    }

    /** Links to classes break with each renaming; the path of a tick, a subscribe and a reconnect is worth them. */
    @Test
    void shouldLinkToFewSources() {
        final List<String> sources = Pages.all().stream().filter(page -> !page.endsWith("architecture.md"))
            .flatMap(page -> links(page).stream()).filter(link -> link.matches(".*src/main/.*\\.java")).toList();
        assertThat(sources).hasSizeLessThanOrEqualTo(MAX_SOURCE_LINKS);
    }

    @Test
    void shouldSpeakPlainly() {
        final List<String> found = new ArrayList<>();
        for (final Path page : Pages.all()) {
            final Matcher matcher = WORDS.matcher(Pages.text(page).replaceAll(CODE_BLOCK, ""));
            while (matcher.find()) {
                found.add(page + ": " + matcher.group());
            }
        }
        assertThat(found).isEmpty();
    }

    private static List<String> links(final Path page) {
        final Matcher matcher = LINK.matcher(Pages.text(page).replaceAll(CODE_BLOCK, ""));
        final List<String> links = new ArrayList<>();
        while (matcher.find()) {
            if (!matcher.group(1).matches("[a-z]+:.*")) {
                links.add(matcher.group(1));
            }
        }
        return links;
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors(final Path page) {
        return Pages.text(page).replaceAll(CODE_BLOCK, "").lines().filter(line -> line.matches("#+ .*"))
            .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
            .collect(Collectors.toSet());
    }
}
