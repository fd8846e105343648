package penstock.venue.rule;

import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import penstock.config.ConfigSection;

/**
 * Conditions that must all hold: <code>match { "$/stream" = "~@bookTicker$", "$/error" = null }</code>. Immutable,
 * except for reused matchers. Owned by the feed thread.
 */
public final class MatchRule {
    /** Matches every message. */
    public static final MatchRule ALL = new MatchRule(List.of(), List.of());

    private final Expression[] expressions;
    private final Condition[] conditions;

    private MatchRule(final List<Expression> expressions, final List<Condition> conditions) {
        this.expressions = expressions.toArray(Expression[]::new);
        this.conditions = conditions.toArray(Condition[]::new);
    }

    /** Compiles the object at {@code key}; an unusable condition becomes a problem at its line. */
    public static MatchRule read(final ConfigSection parent, final String key, final PointerBindings bindings) {
        final ConfigSection section = parent.section(key);
        final List<Expression> expressions = new ArrayList<>();
        final List<Condition> conditions = new ArrayList<>();
        for (final String source : section.keys()) {
            final ConfigValue written = section.written(source);
            try {
                final Expression expression = Expression.compile(source, bindings);
                conditions.add(ConditionParser.compile(written));
                expressions.add(expression);
            } catch (final IllegalArgumentException e) {
                section.problem(source, e.getMessage());
            }
        }
        if (section.keys().isEmpty()) {
            parent.problem(key,
                "has no conditions and would match every message; if that is intended, write { \"$\" = \"*\" }");
        }
        return new MatchRule(expressions, conditions);
    }

    /** True if one of the conditions reads an element. */
    public boolean isOfElement() {
        return Arrays.stream(expressions).anyMatch(Expression::isOfElement);
    }

    /** True if the scanned message fulfils all conditions; {@code text} is scratch. */
    public boolean matches(final EvaluationScope scope, final ByteSlice text) {
        for (int i = 0; i < conditions.length; i++) {
            expressions[i].read(scope, text);
            if (!conditions[i].passes(expressions[i].type(scope), text)) {
                return false;
            }
        }
        return true;
    }
}
