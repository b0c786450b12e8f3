from sg_assets_tests.ingest.dumps import Ingested


def test_quoted_csv_texts_keep_newlines_commas_and_quotes(ingested: Ingested) -> None:
    ingested.write("a.csv", 'text,n\n"one, ""two""\nthree",1\n')
    ingested.read()
    assert ingested.comments["text"].to_list() == ['one, "two"\nthree']
