package penstock.feed;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import penstock.config.Section;
import penstock.feed.rules.Template;

/**
 * Environment variables of a venue file, and which of them are not set. Owned by the thread that reads the file.
 */
final class Variables {
    private final Function<String, String> environment;
    private final Set<String> missing = new TreeSet<>();

    Variables(final Function<String, String> environment) {
        this.environment = environment;
    }

    Function<String, String> environment() {
        return environment;
    }

    Set<String> missing() {
        return missing;
    }

    /** A compiled template; one that can't be compiled is a problem and becomes empty. */
    Template template(final Section section, final String key, final String source, final Set<String> names) {
        try {
            final Template template = Template.parse(source, names);
            template.requiredVariables().stream().filter(name -> environment.apply(name) == null).forEach(missing::add);
            return template;
        } catch (final IllegalArgumentException e) {
            section.problem(key, e.getMessage());
            return Template.parse("", Set.of());
        }
    }

    /** A text with its variables filled in; left as it is while one of them is missing. */
    String fill(final Section section, final String key, final String source) {
        final Template template = template(section, key, source, Set.of());
        final Function<String, Collection<String>> none = name -> List.of();
        return template.requiredVariables().stream().anyMatch(missing::contains) ? source : template.render(none, environment);
    }
}
