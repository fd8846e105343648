package penstock.finding;

/**
 * Something that is wrong. Texts are sentences without their stop, and have no secrets. Immutable.
 *
 * @param severity how bad it is
 * @param subject  what it is about, like {@code feed kraken}
 * @param text     what is wrong
 * @param cause    why
 * @param sinceUs  since when, in microseconds since 1970
 * @param remedy   what to do
 */
public record OperatorFinding(FindingSeverity severity, String subject, String text, String cause, long sinceUs,
        String remedy) {
}
