package penstock.topic.image;

/** An image whose value may be an object with a version per field. Owned by the shard. */
interface VersionedObject extends Image {
    /** The sequence of the value. */
    long q();

    /** The value's fields and their versions; null when it is no object. */
    FieldTable fields();

    /** What changed in the fields since an older sequence is not known. */
    long fieldsKnownQ();
}
