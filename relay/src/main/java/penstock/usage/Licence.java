package penstock.usage;

/**
 * The right of a principal to a product. Immutable.
 *
 * @param principal who, as the relay authenticates it
 * @param product   what, as the contract with the exchange names it
 * @param display   true if people look at the data; false if programs use it
 */
public record Licence(String principal, String product, boolean display) {
    /** Longest name of a principal, a product or a device, in characters. */
    public static final int MAX_CHARS = 256;

    /** @throws IllegalArgumentException if a name has over {@value #MAX_CHARS} characters */
    public Licence {
        checked("principal", principal);
        checked("product", product);
    }

    static String checked(final String what, final String name) {
        if (name.length() > MAX_CHARS) {
            throw new IllegalArgumentException(
                what + " has " + name.length() + " characters, and may have " + MAX_CHARS + ": shorten it");
        }
        return name;
    }
}
