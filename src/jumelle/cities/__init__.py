"""
Networks, associations, cities, organisations and who belongs to them with which role.

Also the two walls of the house: `tenancy` (a query without a city raises) and `access` (one policy table for all addresses).
Below: accounts, audit. Above: every domain that holds data of a city.
"""
