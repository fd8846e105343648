package penstock.text;

/** The version, from the jar's manifest. */
public final class Version {
    /** The version as {@code --version}, the banner, the welcome and {@code User-Agent} show it. */
    public static final String TEXT = text();

    private Version() {
    }

    private static String text() {
        final String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
