package penstock.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration can't be used; carries every problem, its message is one line for each. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** Ends a start for {@code problems}. */
    public ConfigException(final List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong, in reading order. */
    public List<Problem> problems() {
        return problems;
    }
}
