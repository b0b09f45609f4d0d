#include "attest/date.h"

#include <stdio.h>
#include <string.h>

#define DAY 86400

static int
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970 to the first of January. */
static int64_t
days_before(int year)
{
	int64_t y = year - 1;

	return 365 * (int64_t)(year - 1970) + (y / 4 - y / 100 + y / 400) -
	    (1969 / 4 - 1969 / 100 + 1969 / 400);
}

int64_t
date_seconds(int year, int month, int day, int hour, int minute, int second)
{
	int64_t days;

	if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 ||
	    day > days_in(year, month) || hour < 0 || hour > 23 || minute < 0 ||
	    minute > 59 || second < 0 || second > 59)
		return -1;
	days = days_before(year) + day - 1;
	while (--month > 0)
		days += days_in(year, month);
	return days * DAY + hour * 3600 + minute * 60 + second;
}

int
date_parse(int64_t *out, const char *text)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
	int v[6];

	if (strlen(text) != sizeof form - 1)
		return -1;
	for (size_t i = 0; form[i] != '\0'; i++)
		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' :
		    text[i] != form[i])
			return -1;
	sscanf(text, "%d-%d-%dT%d:%d:%dZ", &v[0], &v[1], &v[2], &v[3], &v[4],
	    &v[5]);
	*out = date_seconds(v[0], v[1], v[2], v[3], v[4], v[5]);
	return *out < 0 ? -1 : 0;
}

void
date_text(char out[static 32], int64_t seconds)
{
	int64_t days = seconds / DAY, rest = seconds % DAY;
	int year;
	uint8_t month = 1, hour = (uint8_t)(rest / 3600);
	uint8_t minute = (uint8_t)(rest / 60 % 60), second = (uint8_t)(rest % 60);

	if (seconds < 0 || seconds > date_seconds(9999, 12, 31, 23, 59, 59)) {
		strcpy(out, "?");
		return;
	}
	year = 1970 + (int)(days / 366);
	while (days_before(year + 1) <= days)
		year++;
	days -= days_before(year);
	for (; days >= days_in(year, month); month++)
		days -= days_in(year, month);
	snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month,
	    (uint8_t)(days + 1), hour, minute, second);
}
