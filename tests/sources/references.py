"""Made-up files as the ACL Anthology and reference managers write them."""

from __future__ import annotations

ACL = r"""<?xml version='1.0' encoding='UTF-8'?>
<collection id="2024.tide">
  <volume id="long" ingest-date="2024-06-15" type="proceedings">
    <meta>
      <booktitle>Proceedings of the First Workshop on <fixed-case>T</fixed-case>ides</booktitle>
      <editor><first>Eve</first><last>Ditor</last></editor>
      <month>June 5-7</month>
      <year>2024</year>
    </meta>
    <frontmatter><url hash="0badcafe">2024.tide-long.0</url></frontmatter>
    <paper id="1">
      <title><fixed-case>T</fixed-case>ide Tables in <tex-math>O(n^2)</tex-math></title>
      <author orcid="0000-0001-2345-6789"><first>Ines</first><last>Vale</last><affiliation>North</affiliation></author>
      <pages>4–9</pages>
      <abstract>We forecast the <i>load</i> for $5.<par/>See <url>https://example.org/tide</url>.</abstract>
      <url hash="0badcafe">2024.tide-long.1</url>
      <doi>10.18653/v1/2024.tide-long.1</doi>
      <video href="2024.tide-long.1.mp4"/>
      <revision id="2" href="2024.tide-long.1v2" date="2024-07-01">Typos.</revision>
      <retracted date="2024-08-01">The tide turned.</retracted>
    </paper>
    <paper id="2"><title>Walking on Sand</title><removed date="2024-08-01">Washed away.</removed></paper>
  </volume>
</collection>
"""
