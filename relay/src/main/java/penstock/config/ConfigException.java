package penstock.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration is invalid. Carries every problem; its message has one line per problem. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** {@code problems} must not be empty. */
    public ConfigException(final List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** All problems, in reading order. */
    public List<Problem> problems() {
        return problems;
    }
}
